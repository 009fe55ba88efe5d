namespace Sluice.Protocol.Constraints;

/// <summary>True or false; nothing more to check.</summary>
public sealed record BooleanShape : Shape;
