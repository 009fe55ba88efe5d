namespace Sluice.Protocol.Constraints;

/// <summary>A structure; members that are not listed are unknown and ignored.</summary>
public sealed record StructureShape : Shape
{
    /// <summary>The members in model order.</summary>
    public required IReadOnlyList<MemberShape> Members { get; init; }
}
