using System.Buffers;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>
/// Brings the data of released files back:
/// <code>
/// ranged GETs of the very object → write → compare checksum → times → fdatasync → record → address removed
/// </code>
/// A death anywhere leaves the file released, and the next restore begins anew. The caller sees to it that nobody reads the file meanwhile, and that the
/// file was opened past the guard.
/// </summary>
public sealed class Restorer(IRepositoryResolver repositories, LedgerStore ledger, int rangeBytes, int rangesInParallel)
{
    private const int BlockBytes = 1 << 16;
    private const int Attempts = 5;

    /// <summary>Restores one file.</summary>
    /// <param name="file">Open for reading and writing.</param>
    /// <param name="cancellationToken">Gives up; the file stays released.</param>
    /// <exception cref="RestoreFailedException">The object is not what was archived, or nobody knows which it is.</exception>
    /// <exception cref="RepositoryException">The repository failed, or the object is gone or replaced.</exception>
    /// <exception cref="PosixException">The file system failed, for instance for want of space.</exception>
    public async Task<RestoreResult> RestoreAsync(Fd file, CancellationToken cancellationToken)
    {
        if (ledger.Read(file) is not { } record || !record.States.HasFlag(HsmStates.Released)) return RestoreResult.Resident;
        var status = FileSystemCalls.Status(file);
        if (status.SizeBytes != record.SizeBytes)
        {
            Record(file, record with { States = HsmStates.Exists | HsmStates.Dirty });
            return RestoreResult.Overwritten;
        }

        var address = ledger.ReadAddress(file) ?? throw new RestoreFailedException("The file is released, but its inode does not say which object has its data.");

        // What a restore that died has left. Blocks of zeros are not written, so they must be holes.
        if (FileSystemCalls.SeekData(file, 0) is not null) FileSystemCalls.PunchHole(file, record.SizeBytes);
        var checksum = await FetchAsync(file, address, record.SizeBytes, cancellationToken);
        if (checksum != record.Checksum)
        {
            // Nobody may ever see it.
            FileSystemCalls.PunchHole(file, record.SizeBytes);
            FileSystemCalls.SetTimes(file, status.AtimeNs, status.MtimeNs);
            throw new RestoreFailedException(
                $"The content of 's3://{address.Bucket}/{address.Key}' is not what was archived: its checksum is {checksum:x16}, expected {record.Checksum:x16}.");
        }

        FileSystemCalls.SetTimes(file, status.AtimeNs, status.MtimeNs);

        // The record must not reach the disk before the data: a file without blocks and without the flag reads as zeros.
        FileSystemCalls.FlushData(file);
        Record(file, record with { States = record.States & ~HsmStates.Released, MtimeNs = status.MtimeNs });
        return RestoreResult.Restored;
    }

    private void Record(Fd file, LedgerRecord record)
    {
        if (!ledger.TryWrite(file, record)) throw new RestoreFailedException("The file's inode does not take its record.");
        ledger.RemoveAddress(file);
    }

    private async Task<ulong> FetchAsync(Fd file, ObjectAddress address, long size, CancellationToken cancellationToken)
    {
        var repository = repositories.Resolve(address.Bucket);
        var ranges = Math.Max(1, (int)((size + rangeBytes - 1) / rangeBytes));
        var checksums = new ulong[ranges];
        var options = new ParallelOptions { MaxDegreeOfParallelism = rangesInParallel, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, ranges, options, async (range, cancel) =>
        {
            var offset = (long)range * rangeBytes;
            checksums[range] = await FetchAsync(file, repository, address, offset, Math.Min(rangeBytes, size - offset), cancel);
        });

        var whole = checksums[0];
        for (var range = 1; range < ranges; range++)
            whole = Crc64Nvme.Combine(whole, checksums[range], Math.Min(rangeBytes, size - ((long)range * rangeBytes)));
        return whole;
    }

    private static async Task<ulong> FetchAsync(
        Fd file, IObjectRepository repository, ObjectAddress address, long offset, long length, CancellationToken cancellationToken)
    {
        var checksum = new Crc64Nvme();
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        long done = 0;
        try
        {
            for (var attempt = 1; done < length; attempt++)
            {
                await using var content = await repository.GetAsync(address.Key, offset + done, length - done, address.ETag, cancellationToken);
                try
                {
                    int got;
                    while (done < length && (got = await ReadBlockAsync(content.Stream, buffer, length - done, cancellationToken)) > 0)
                    {
                        checksum.Append(buffer.AsSpan(0, got));
                        WriteAll(file, buffer.AsSpan(0, got), offset + done);
                        done += got;
                    }
                }
                catch (Exception e) when (e is IOException or HttpRequestException && attempt < Attempts)
                {
                    // The connection was lost in the midst of the content: goes on where it ended.
                    continue;
                }

                if (done < length && attempt >= Attempts)
                    throw new RestoreFailedException($"'s3://{address.Bucket}/{address.Key}' ended after {offset + done} bytes.");
            }

            return checksum.Value;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ValueTask<int> ReadBlockAsync(Stream stream, byte[] buffer, long left, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(BlockBytes, left);
        return stream.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
    }

    /// <summary>Writes a block, unless it is all zeros: then the hole that is there will do, and a sparse file stays sparse.</summary>
    private static void WriteAll(Fd file, ReadOnlySpan<byte> block, long offset)
    {
        if (!block.ContainsAnyExcept((byte)0)) return;
        while (!block.IsEmpty)
        {
            var written = FileSystemCalls.Write(file, block, offset);
            block = block[written..];
            offset += written;
        }
    }
}
