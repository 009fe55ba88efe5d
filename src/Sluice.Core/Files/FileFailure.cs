namespace Sluice.Core.Files;

/// <summary>Why one entry failed; a row of the completion report.</summary>
/// <param name="Path">Path relative to the file system's root, as bytes.</param>
/// <param name="Code">Code of the bounded list.</param>
/// <param name="Detail">For the log: errno, HTTP status, the endpoint's message.</param>
public sealed record FileFailure(ReadOnlyMemory<byte> Path, FailureCode Code, string Detail);
