namespace Sluice.Protocol.Constraints;

/// <summary>A list of one kind of element.</summary>
public sealed record ListShape : Shape
{
    /// <summary>What each element is.</summary>
    public required Shape Element { get; init; }

    /// <summary>The fewest elements; 0 when the model says nothing.</summary>
    public int Min { get; init; }

    /// <summary>The most elements; null when the model says nothing.</summary>
    public int? Max { get; init; }
}
