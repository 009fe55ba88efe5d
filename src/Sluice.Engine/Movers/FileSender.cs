using System.Buffers;
using Sluice.Core.Files;
using Sluice.Core.Ids;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>Reads an open file and sends it, whole or in parts. It notices a file that shrinks or grows; the caller compares the times afterwards.</summary>
internal sealed class FileSender(EngineOptions options, ByteBudget budget, UploadJournal journal, ResumableUploads resumable)
{
    /// <summary>Metadata of an object made from a file.</summary>
    public static ObjectMetadata MetadataOf(in FileStatus status) => new() { User = PosixOf(status).ToUserMetadata() };

    /// <summary>The POSIX metadata of an inode.</summary>
    public static PosixMetadata PosixOf(in FileStatus status) => new(status.Mode, status.Uid, status.Gid, status.AtimeNs, status.MtimeNs);

    /// <summary>Sends the content. Null when the file was not as long as its status says: it is changing.</summary>
    public Task<SentFile?> SendAsync(TaskId taskId, FileTransfer transfer, CancellationToken cancellationToken) =>
        transfer.Status.SizeBytes <= options.MultipartThresholdBytes
            ? SendWholeAsync(transfer, cancellationToken)
            : SendPartsAsync(taskId, transfer, cancellationToken);

    /// <summary>CRC-64/NVME of the content; null when the file is changing.</summary>
    public async Task<ulong?> ChecksumAsync(FileTransfer transfer, CancellationToken cancellationToken)
    {
        using var lease = await budget.AcquireAsync(FileChecksums.BufferBytes, cancellationToken);
        return FileChecksums.Of(transfer.File, transfer.Status.SizeBytes, cancellationToken);
    }

    private async Task<SentFile?> SendWholeAsync(FileTransfer transfer, CancellationToken cancellationToken)
    {
        // One byte more than expected, to see a file that grows.
        var length = (int)transfer.Status.SizeBytes;
        using var lease = await budget.AcquireAsync(length + 1, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(length + 1);
        try
        {
            if (Fill(transfer.File, buffer.AsSpan(0, length + 1), 0) != length || transfer.IsReleased()) return null;

            // What was read in two goes can be a mixture: it must not replace the old object.
            if (!transfer.IsUntouched) return null;
            var content = buffer.AsMemory(0, length);
            var checksum = Crc64Nvme.Hash(content.Span);
            var put = new PutRequest { Key = transfer.Key, Content = content, Checksum = checksum, Metadata = MetadataOf(transfer.Status) };
            var result = await transfer.Repository.PutAsync(put, transfer.Permit, cancellationToken);
            return new SentFile(checksum, result.ETag);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<SentFile?> SendPartsAsync(TaskId taskId, FileTransfer transfer, CancellationToken cancellationToken)
    {
        FileSystemCalls.AdviseSequential(transfer.File);
        var partSize = PartPlan.PartSize(transfer.Status.SizeBytes, options.PartSizeBytes);
        var arrived = new Dictionary<int, UploadedPart>();
        await using var upload = await resumable.TakeAsync(transfer, arrived, cancellationToken)
            ?? await journal.BeginAsync(
                taskId, transfer.Repository, transfer.Key, MetadataOf(transfer.Status), transfer.Permit, cancellationToken, transfer.OpenedAt);
        try
        {
            // An upload is created with what the file was when it was looked at; none with parts may be taken up again for what it has become since.
            if (!transfer.IsUntouched) return null;
            var parts = new PartSender(budget, transfer, upload.Upload, partSize, arrived);
            if (!await parts.SendAllAsync(options.PartsInParallel, cancellationToken)) return null;

            // Completing replaces the old object: not with a content that is a mixture. Who writes can put the time of modification back.
            if (!transfer.IsUntouched || transfer.IsReleased()) return null;
            var result = await upload.CompleteAsync(parts.Parts, parts.Checksum, cancellationToken);
            return new SentFile(parts.Checksum, result.ETag);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            upload.LeaveForResume();
            throw;
        }
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    internal static int Fill(Fd file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        for (int read; filled < buffer.Length && (read = FileSystemCalls.Read(file, buffer[filled..], offset + filled)) > 0;) filled += read;
        return filled;
    }
}
