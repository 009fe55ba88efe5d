using System.Buffers;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>Sends the parts of one file, several at a time; parts that arrived in an earlier life and hold the same bytes are kept.</summary>
internal sealed class PartSender(
    ByteBudget budget, FileTransfer transfer, MultipartUpload upload, int partSize, IReadOnlyDictionary<int, UploadedPart> arrived)
{
    private readonly int _count = PartPlan.PartCount(transfer.Status.SizeBytes, partSize);
    private readonly SortedDictionary<int, UploadedPart> _parts = [];
    private readonly Lock _lock = new();
    private volatile bool _isChanging;

    /// <summary>All parts in order, once <see cref="SendAllAsync"/> returned true.</summary>
    public IReadOnlyList<UploadedPart> Parts => [.. _parts.Values];

    /// <summary>CRC-64/NVME of the whole content, put together from the parts'.</summary>
    public ulong Checksum
    {
        get
        {
            var whole = 0UL;
            foreach (var part in _parts.Values)
                whole = part.PartNumber == 1 ? part.Checksum!.Value : Crc64Nvme.Combine(whole, part.Checksum!.Value, part.SizeBytes);
            return whole;
        }
    }

    /// <summary>Sends every part. False when the file became shorter: it is changing.</summary>
    public async Task<bool> SendAllAsync(int inParallel, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = inParallel, CancellationToken = cancellationToken, TaskScheduler = TaskScheduler.Current };
        await Parallel.ForEachAsync(Enumerable.Range(1, _count), options, async (number, token) => await SendAsync(number, token));
        return !_isChanging;
    }

    private async Task SendAsync(int number, CancellationToken cancellationToken)
    {
        if (_isChanging) return;
        var offset = (long)(number - 1) * partSize;
        var length = (int)Math.Min(partSize, transfer.Status.SizeBytes - offset);
        using var lease = await budget.AcquireAsync(length, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (FileSender.Fill(transfer.File, buffer.AsSpan(0, length), offset) != length)
            {
                _isChanging = true;
                return;
            }

            var content = buffer.AsMemory(0, length);
            var checksum = Crc64Nvme.Hash(content.Span);
            var part = Arrived(number, content.Span, checksum)
                ?? await transfer.Repository.UploadPartAsync(
                    new UploadPartRequest { Upload = upload, PartNumber = number, Content = content, Checksum = checksum }, cancellationToken);
            lock (_lock) _parts[number] = part with { Checksum = checksum, SizeBytes = length };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private UploadedPart? Arrived(int number, ReadOnlySpan<byte> content, ulong checksum)
    {
        if (!arrived.TryGetValue(number, out var part) || part.SizeBytes != content.Length) return null;
        var isSame = part.Checksum is { } stored ? stored == checksum : part.ETag == ContentMd5.ETag(content);
        return isSame ? part : null;
    }
}
