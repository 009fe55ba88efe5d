namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>A body with what is odd about it.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="Code">The code it has to be refused with; null when it may be accepted, or refused by the operation.</param>
internal sealed record FuzzBody(byte[] Bytes, string? Code);
