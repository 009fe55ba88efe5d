namespace Sluice.Protocol.Constraints;

/// <summary>A member of a structure.</summary>
/// <param name="Name">As on the wire (PascalCase).</param>
/// <param name="Shape">What its value has to be.</param>
/// <param name="IsRequired">Whether it must be there and not be null.</param>
public sealed record MemberShape(string Name, Shape Shape, bool IsRequired);
