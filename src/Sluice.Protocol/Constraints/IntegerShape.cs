namespace Sluice.Protocol.Constraints;

/// <summary>A whole number in a range, which is never wider than the .NET type it is read into.</summary>
public sealed record IntegerShape : Shape
{
    /// <summary><c>Integer</c> or <c>Long</c>, as the messages name it.</summary>
    public required string JavaType { get; init; }

    /// <summary>The smallest value allowed.</summary>
    public required long Min { get; init; }

    /// <summary>The largest value allowed.</summary>
    public required long Max { get; init; }
}
