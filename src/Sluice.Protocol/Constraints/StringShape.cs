namespace Sluice.Protocol.Constraints;

/// <summary>A text. Lengths are in Unicode characters (code points), as Smithy counts them.</summary>
public sealed record StringShape : Shape
{
    /// <summary>The fewest characters; 0 when the model says nothing.</summary>
    public int Min { get; init; }

    /// <summary>The most characters; null when the model says nothing.</summary>
    public int? Max { get; init; }

    /// <summary>The pattern as the model has it, for messages; null when there is none.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether the whole text matches the pattern; null when there is none. Check lengths first: it may take long.</summary>
    public Func<string, bool>? Matches { get; init; }

    /// <summary>The values allowed, in model order; empty when any is.</summary>
    public IReadOnlyList<string> EnumValues { get; init; } = [];
}
