namespace Sluice.Protocol.Constraints;

/// <summary>What the service model says about the values of a shape. Made by <c>eng/generate-protocol.py</c>.</summary>
public abstract record Shape
{
    /// <summary>The Smithy name.</summary>
    public required string Name { get; init; }
}
