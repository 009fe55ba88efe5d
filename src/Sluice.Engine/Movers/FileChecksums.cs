using System.Buffers;
using Sluice.Posix;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>Checksums of files.</summary>
internal static class FileChecksums
{
    /// <summary>Memory it takes.</summary>
    internal const int BufferBytes = 1 << 20;

    /// <summary>CRC-64/NVME of the content; null when the file is not as long as expected: it is changing.</summary>
    public static ulong? Of(Fd file, long size, CancellationToken cancellationToken = default)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var checksum = new Crc64Nvme();
            long offset = 0;
            for (int read; (read = FileSystemCalls.Read(file, buffer, offset)) > 0; offset += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                checksum.Append(buffer.AsSpan(0, read));
            }

            return offset == size ? checksum.Value : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
