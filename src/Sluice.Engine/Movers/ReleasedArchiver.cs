using Microsoft.Extensions.Logging;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>
/// Archives files whose data is only in the repository: their content is never read here, it is copied from object to object.
/// <code>
/// where is the data → copied there with the file's metadata → address → record
/// </code>
/// A file whose object is gone, or in another bucket, is left out with a warning: there is nothing that could be sent.
/// </summary>
internal sealed partial class ReleasedArchiver(TaskContext context, ILogger logger)
{
    /// <summary>Whether the file is one of these.</summary>
    public bool IsReleased(Fd file, out LedgerRecord record)
    {
        record = context.Ledger.Read(file).GetValueOrDefault();
        return record.States.HasFlag(HsmStates.Released);
    }

    /// <summary>Makes an ordinary file again of one whose release died before it freed anything, where somebody has changed it since.</summary>
    /// <param name="file">The file.</param>
    /// <param name="record">Its record, which says that it is being released.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is one.</returns>
    public async Task<bool> TryGiveBackAsync(Fd file, LedgerRecord record, CancellationToken cancellationToken)
    {
        if (context.IsStopped || ReleasedContent.Judge(file, FileSystemCalls.Status(file), record) != FoundData.Theirs) return false;
        using var hold = context.Files.Guard is { } guard ? await guard.LockAsync(file, cancellationToken) : null;
        if (context.Ledger.Read(file) != record) return true;
        context.Ledger.TryWrite(file, record.Overwritten());
        context.Ledger.RemoveAddress(file);
        context.Files.Guard?.Unwatch(file);
        return true;
    }

    /// <summary>Archives one.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="job">Where to.</param>
    /// <param name="record">Its record.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<MoveResult> ArchiveAsync(ScanEntry entry, FileTransfer job, LedgerRecord record, CancellationToken cancellationToken)
    {
        if (ReleasedContent.Judge(job.File, job.Status, record) is FoundData.Theirs or FoundData.Mixed)
        {
            return MoveResult.Failed(
                FailureCode.ResourceBusy, "It is released, and was written to while nobody guarded it. Read it, which settles what its content is, then export it again.");
        }

        if (context.Ledger.ReadAddress(job.File) is not { } address) return MoveResult.Failed(FailureCode.InternalError, "Its inode does not say where its data is.");
        if (address.Bucket != job.Repository.Bucket) return Skip(entry, $"its data is in another bucket, '{address.Bucket}'");
        var isOtherName = record.AddressHash != entry.Link.Address.Of(entry.Path, isDirectory: false);
        if (job.Status.LinkCount > 1 && isOtherName && await IsStoredAsync(job, record, cancellationToken)) return MoveResult.NothingToDo;
        PutResult copied;
        try
        {
            copied = await job.Repository.CopyAsync(
                address.Key, address.ETag, job.Key, FileSender.MetadataOf(job.Status), job.Permit, cancellationToken);
        }
        catch (RepositoryException e) when (e.Code is RepositoryErrorCode.NotFound or RepositoryErrorCode.PreconditionFailed)
        {
            return Skip(entry, e.Message);
        }

        if (!entry.IsCounted) context.Counters.Found(entry.SizeBytes);
        entry.IsCounted = true;

        // Another hard link of this inode keeps its own address.
        if (job.Status.LinkCount == 1 || !isOtherName) await RecordAsync(entry, job, record, address with { Key = job.Key, ETag = copied.ETag });
        return MoveResult.Done;
    }

    /// <summary>Whether another name of this inode has its object already.</summary>
    private static async Task<bool> IsStoredAsync(FileTransfer job, LedgerRecord record, CancellationToken cancellationToken) =>
        await job.Repository.HeadAsync(job.Key, cancellationToken) is { } head
        && record.IsOf(head.SizeBytes, head.ETag)
        && FileSender.PosixOf(job.Status).Describes(head.Metadata.User);

    private async Task RecordAsync(ScanEntry entry, FileTransfer job, LedgerRecord record, ObjectAddress address)
    {
        // The object is made: its record is part of finishing the file.
        using var hold = context.Files.Guard is { } guard ? await guard.LockAsync(job.File, CancellationToken.None) : null;

        // Restored meanwhile: the next export looks at the file again.
        if (context.Ledger.Read(job.File) != record) return;
        context.Ledger.WriteAddress(job.File, address);
        context.Ledger.TryWrite(job.File, record with
        {
            MtimeNs = job.Status.MtimeNs,
            MetadataHash = LedgerHashes.Metadata(job.Status),
            AddressHash = entry.Link.Address.Of(entry.Path, isDirectory: false),
            IdentityHash = LedgerHashes.Identity(address.ETag),
            TaskTag = context.TaskTag,
        });
    }

    private MoveResult Skip(ScanEntry entry, string reason)
    {
        WithoutSource(logger, context.TaskId.Value, PathText.Of(entry.Path), reason);
        return MoveResult.NothingToDo;
    }

    [LoggerMessage(
        EventName = "S3ExportLocalObjectReleaseWithoutS3Source", Level = LogLevel.Warning, Message = "{TaskId}: '{Path}' is released and could not be copied: {Reason}")]
    private static partial void WithoutSource(ILogger logger, string taskId, string path, string reason);
}
