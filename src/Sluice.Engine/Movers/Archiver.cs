using System.Diagnostics;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>
/// Archives one entry: makes the object that its key should name, then records that on the inode. Never the other way round.
/// <code>
/// open beneath the root, no symlinks → look closer where the scan was uncertain → on the device → send → look again: unchanged? → record
/// </code>
/// An entry that fails is a result, never an exception. What does leave as an exception: <see cref="StartRefusedException"/> (canceled before
/// its first side effect) and <see cref="OperationCanceledException"/> (the host stops).
/// </summary>
internal sealed class Archiver(TaskContext context, FileSender sender, ReleasedArchiver released, DeviceBarrier barrier) : IMover<ScanEntry>, IDisposable
{
    private const long MaxObjectBytes = 5L << 40;
    private const int Attempts = 2;

    // Writing the record of one hard link moves the ctime that another link's upload watches: links of one inode take turns.
    private readonly InodeTurns _turns = new();

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    /// <inheritdoc/>
    public async Task<MoveResult> MoveAsync(ScanEntry entry, StartPermit permit, CancellationToken cancellationToken)
    {
        if (entry.Error is { } error) return context.Fail(error);
        if (entry.Link.Mapping.TryGetKey(entry.Path, entry.Kind == FileKind.Directory, out var key) is { } refused)
            return MoveResult.Failed(refused, refused == FailureCode.PathSizeTooLong ? "The key is longer than 1,024 bytes." : "The name is not UTF-8.");
        try
        {
            return entry.Kind == FileKind.Regular
                ? await ArchiveFileAsync(entry, key, permit, cancellationToken)
                : await ArchiveSmallAsync(entry, key, permit, cancellationToken);
        }
        catch (PosixException e)
        {
            return context.Fail(e);
        }
        catch (RepositoryException e)
        {
            return context.Fail(e);
        }
    }

    private async Task<MoveResult> ArchiveFileAsync(ScanEntry entry, string key, StartPermit permit, CancellationToken cancellationToken)
    {
        var openedAt = DateTimeOffset.UnixEpoch.AddTicks(FileSystemCalls.FineTimeNs() / 100);
        using var file = RegularFiles.TryOpen(context.Root, entry.Path, OpenFlags.ReadOnly, out var status);
        if (file is null) return Changed("It is no regular file any more.");
        using var turn = status.LinkCount > 1 ? await _turns.TakeAsync(status.Inode, cancellationToken) : null;
        return await ArchiveFileAsync(entry, key, file, openedAt, permit, cancellationToken);
    }

    private async Task<MoveResult> ArchiveFileAsync(
        ScanEntry entry, string key, Fd file, DateTimeOffset openedAt, StartPermit permit, CancellationToken cancellationToken)
    {
        var ledger = context.Ledger.Read(file);
        if (ledger is { IsReleasing: true } begun && await released.TryGiveBackAsync(file, begun, cancellationToken)) ledger = context.Ledger.Read(file);
        for (var attempt = 1; ; attempt++)
        {
            var before = FileSystemCalls.Status(file);
            if (before.SizeBytes > MaxObjectBytes) return MoveResult.Failed(FailureCode.FileSizeTooLarge, "It is larger than 5 TiB.");

            var job = new FileTransfer(entry.Link.Repository, key, file, before, permit)
            {
                OpenedAt = openedAt,
                IsRacy = IsRacy(file, before),
                IsReleased = () => released.IsReleased(file, out _),
            };
            if (released.IsReleased(file, out var record)) return await released.ArchiveAsync(entry, job, record, cancellationToken);
            if (attempt == 1 && await TryWithoutSendingAsync(entry, job, ledger, cancellationToken) is { } settled) return settled;

            await barrier.PassAsync(before);
            var sent = await sender.SendAsync(context.TaskId, job, cancellationToken);
            if (sent is not null && TryRecord(entry, job, sent.Checksum, sent.ETag)) return MoveResult.Done;
            if (attempt == Attempts) return Changed("It changed while it was read, twice.");
        }
    }

    /// <summary>Settles what needs no content sent: current after all, or only metadata changed. Null: the content has to be sent.</summary>
    private async Task<MoveResult?> TryWithoutSendingAsync(
        ScanEntry entry, FileTransfer job, LedgerRecord? ledger, CancellationToken cancellationToken)
    {
        if (!context.Ledger.CanRecord(job.Status) && entry.Standing == Standing.Unknown)
            return await IsStoredAsync(job, cancellationToken) ? MoveResult.NothingToDo : Count(entry);
        if (ledger is not { } record || entry.Standing is Standing.Unknown or Standing.DataChanged) return Count(entry);
        if (entry.Standing == Standing.Moved && job.Status.LinkCount == 1) return Count(entry);

        // Beyond this point only an object that is exactly the recorded one helps, holding content that is exactly the file's.
        var head = await job.Repository.HeadAsync(job.Key, cancellationToken);
        if (head is null || !record.IsOf(head.SizeBytes, head.ETag) || record.SizeBytes != job.Status.SizeBytes) return Count(entry);
        var isSealed = !record.IsRacy && record.MtimeNs == job.Status.MtimeNs && job.Status.CtimeNs <= record.SealNs;
        if (!isSealed && await sender.ChecksumAsync(job, cancellationToken) != record.Checksum) return Count(entry);

        var metadata = FileSender.MetadataOf(job.Status);
        if (Describes(job.Status, head.Metadata.User))
        {
            if (IsDoneBefore(entry, record, head)) return Count(entry) ?? MoveResult.Done;
            if (entry.IsCounted && context.IsOfEarlierLife(head))
            {
                // It was stored, and the process died before it could say so.
                RecordAtLast(entry, job, record.Checksum, head.ETag);
                return MoveResult.Done;
            }

            // Another hard link of this inode keeps its own address in the record.
            if (entry.Standing != Standing.Moved && !context.IsStopped) _ = TryRecord(entry, job, record.Checksum, head.ETag, record.TaskTag);
            if (record.TaskTag != context.TaskTag || entry.Standing == Standing.Moved || !context.IsOfEarlierLife(head)) return NothingToDo(entry);

            // Done by this task before its process died: a record that this life wrote is that of another name.
            _ = Count(entry);
            return MoveResult.Done;
        }

        _ = Count(entry);
        var replaced = await TryReplaceMetadataAsync(job, head.ETag, metadata, cancellationToken);
        if (replaced is null) return null;
        _ = TryRecord(entry, job, record.Checksum, replaced.ETag);
        return MoveResult.Done;
    }

    /// <summary>Whether an earlier life of the task stored the object of this name. An inode with several names has one record, which says that of the last
    /// of them only; for the others, the object's age tells.</summary>
    private bool IsDoneBefore(ScanEntry entry, in LedgerRecord record, ObjectHead head) =>
        entry.Standing == Standing.Moved && record.TaskTag == context.TaskTag && context.IsOfEarlierLife(head);

    private static async Task<PutResult?> TryReplaceMetadataAsync(
        FileTransfer job, string etag, ObjectMetadata metadata, CancellationToken cancellationToken)
    {
        try
        {
            return await job.Repository.ReplaceMetadataAsync(job.Key, etag, metadata, job.Permit, cancellationToken);
        }
        catch (RepositoryException e) when (e.Code is RepositoryErrorCode.PreconditionFailed or RepositoryErrorCode.NotFound or RepositoryErrorCode.Refused)
        {
            return null;
        }
    }

    /// <summary>Directories and symlinks: the object is made anew.</summary>
    private async Task<MoveResult> ArchiveSmallAsync(ScanEntry entry, string key, StartPermit permit, CancellationToken cancellationToken)
    {
        using var node = FileSystemCalls.OpenBeneath(context.Root, entry.Path, OpenFlags.Path | OpenFlags.NoFollow);
        var status = FileSystemCalls.Status(node);
        if (status.Kind != entry.Kind) return Changed("It was replaced by something else.");
        var content = status.Kind == FileKind.Symlink ? ReadTarget(node) : [];
        if (!context.Ledger.CanRecord(status))
        {
            var head = await entry.Link.Repository.HeadAsync(key, cancellationToken);
            if (head is not null && head.SizeBytes == content.Length && Describes(status, head.Metadata.User)) return MoveResult.NothingToDo;
        }

        _ = Count(entry);
        var checksum = Crc64Nvme.Hash(content);
        if (status.Kind == FileKind.Symlink) await barrier.PassAsync(status);
        var put = new PutRequest { Key = key, Content = content, Checksum = checksum, Metadata = FileSender.MetadataOf(status) };
        var result = await entry.Link.Repository.PutAsync(put, permit, cancellationToken);
        Record(node, entry, status, checksum, result.ETag, isRacy: false);
        return MoveResult.Done;
    }

    /// <summary>For an inode that can't carry a record: whether the object says it is this very file.</summary>
    private static async Task<bool> IsStoredAsync(FileTransfer job, CancellationToken cancellationToken) =>
        await job.Repository.HeadAsync(job.Key, cancellationToken) is { } head
        && head.SizeBytes == job.Status.SizeBytes
        && Describes(job.Status, head.Metadata.User);

    private MoveResult? Count(ScanEntry entry)
    {
        if (!entry.IsCounted)
        {
            entry.IsCounted = true;
            context.Counters.Found(entry.SizeBytes);
        }

        return null;
    }

    private MoveResult NothingToDo(ScanEntry entry)
    {
        if (entry.IsCounted) context.Counters.NothingToDo(entry.SizeBytes);
        entry.IsCounted = false;
        return MoveResult.NothingToDo;
    }

    /// <summary>Whether the file may change from now on without its times telling: a change so shortly after the last one may bear the same time, and a store
    /// through a mapping to a page that is dirty already moves none. Then only the content tells later.</summary>
    private bool IsRacy(Fd file, in FileStatus status) =>
        FileSystemCalls.CoarseTimeNs() - status.CtimeNs < 2 * FileSystemCalls.ClockGranularityNs() || (context.Ledger.IsTrusted && FileSystemCalls.HasWriter(file));

    /// <summary>Records what the object is, if the file is still what it was when the attempt began. Between that look and the record, which moves the time of
    /// change whatever moved it before, nobody can open the file for writing.</summary>
    private bool TryRecord(ScanEntry entry, FileTransfer job, ulong checksum, string etag, ulong? taskTag = null)
    {
        var isAlone = context.Ledger.IsTrusted ? FileSystemCalls.TryReadLease(job.File) : null;
        try
        {
            if (!job.IsUntouched) return false;
            Record(job.File, entry, job.Status, checksum, etag, job.IsRacy || isAlone == false, taskTag);
            return true;
        }
        finally
        {
            if (isAlone == true) FileSystemCalls.EndLease(job.File);
        }
    }

    // Of its own: its lambda would be allocated for every file.
    private void RecordAtLast(ScanEntry entry, FileTransfer job, ulong checksum, string etag) => job.Permit.BeginWith(() => TryRecord(entry, job, checksum, etag));

    private void Record(Fd node, ScanEntry entry, in FileStatus status, ulong checksum, string etag, bool isRacy, ulong? taskTag = null)
    {
        if (!context.Ledger.CanRecord(status)) return;
        context.Ledger.TryWrite(node, new LedgerRecord
        {
            States = HsmStates.Exists | HsmStates.Archived,
            IsRacy = isRacy,
            SizeBytes = status.Kind == FileKind.Directory ? 0 : status.SizeBytes,
            MtimeNs = status.MtimeNs,
            SealNs = 0,
            Checksum = checksum,
            MetadataHash = LedgerHashes.Metadata(status),
            AddressHash = entry.Link.Address.Of(entry.Path, status.Kind == FileKind.Directory),
            IdentityHash = LedgerHashes.Identity(etag),
            TaskTag = taskTag ?? context.TaskTag,
        });
    }

    private static byte[] ReadTarget(Fd symlink)
    {
        var buffer = new byte[4096];
        var length = FileSystemCalls.ReadLink(symlink, buffer);
        Debug.Assert(length <= buffer.Length, "Linux limits targets to 4,095 bytes");
        return buffer[..length];
    }

    private static bool Describes(in FileStatus status, IReadOnlyDictionary<string, string> user) => FileSender.PosixOf(status).Describes(user);

    private static MoveResult Changed(string detail) => MoveResult.Failed(FailureCode.ResourceBusy, detail);
}
