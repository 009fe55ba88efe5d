using System.Runtime.InteropServices;

namespace Sluice.Repositories.S3;

/// <summary>A content in memory as a readable stream, without a copy.</summary>
internal static class MemoryContentStream
{
    public static MemoryStream Of(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
}
