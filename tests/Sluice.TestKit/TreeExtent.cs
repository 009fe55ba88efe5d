namespace Sluice.TestKit;

/// <summary>A stretch of a sparse file that holds data.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct TreeExtent(long Offset, long Length);
