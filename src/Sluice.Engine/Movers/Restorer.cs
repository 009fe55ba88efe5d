using System.Buffers;
using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>
/// Brings the data of released files back:
/// <code>
/// small: GET → compare checksum → record says restoring → write → times → on the device → record → address removed
/// begun to be released, and untouched: compare checksum → record → address removed      changed: the record gives it up to whoever changed it
/// large: record says restoring → GETs of ranges, written as they come → compare checksum → times → on the device → record → address removed
/// </code>
/// A death anywhere leaves the file released, and the next restore begins anew. The caller sees to it that nobody reads the file meanwhile, and that the
/// file was opened past the guard.
/// </summary>
internal sealed class Restorer(IRepositoryResolver repositories, EngineOptions options)
{
    // Four blocks of a sparse file.
    private const int PieceBytes = 1 << 18;

    // What may be held in memory as a whole, whatever a file is sent in.
    private const long MaxWholeBytes = 64 << 20;

    // In all, where what comes is not what was stored.
    private const int Fetches = 3;

    /// <summary>Restores one file.</summary>
    /// <exception cref="RestoreFailedException">The object is not what was archived, or nobody knows which it is, or somebody wrote into the file.</exception>
    /// <exception cref="RepositoryException">The repository failed, or the object is gone or replaced.</exception>
    /// <exception cref="PosixException">The file system failed, for instance for want of space.</exception>
    /// <exception cref="StartRefusedException">The task was canceled before the file was begun.</exception>
    public async Task<RestoreResult> RestoreAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        if (job.Ledger.Read(job.File) is not { } record || !record.States.HasFlag(HsmStates.Released)) return RestoreResult.Resident;

        // What a release or a restore that died did to the file moved its time of modification.
        var status = FileSystemCalls.Status(job.File);
        if (record.IsRestoring) status = status with { MtimeNs = record.MtimeNs };
        switch (ReleasedContent.Judge(job.File, status, record))
        {
            case FoundData.Whole when await IsAsArchivedAsync(job, record, cancellationToken):
                var whole = record with { States = record.States & ~HsmStates.Released, IsReleasing = false, TaskTag = job.TaskTag ?? record.TaskTag };
                job.Permit.BeginWith(() => Settle(job, whole));
                return RestoreResult.Restored;
            case FoundData.Theirs:
                job.Permit.BeginWith(() => Settle(job, record.Overwritten()));
                return RestoreResult.Overwritten;
            case FoundData.Mixed:
                throw new RestoreFailedException(
                    "The file was written to or cut while nobody guarded it, and what is missing can't be told from what is new. "
                    + "Remove it and import it again.", FailureCode.ResourceBusy);
        }

        var address = job.Ledger.ReadAddress(job.File) ?? throw new RestoreFailedException("The file is released, but its inode does not say which object has its data.", FailureCode.InternalError);
        var (checksum, etag) = await FetchAsync(job, record, status, address, cancellationToken);

        // The record must not reach the device before the data: a file without blocks and without the flag reads as zeros.
        Settle(job, record with
        {
            States = record.States & ~HsmStates.Released,
            IsRestoring = false,
            IsRacy = false,
            MtimeNs = status.MtimeNs,
            Checksum = checksum,
            IdentityHash = LedgerHashes.Identity(etag),
            TaskTag = job.TaskTag ?? record.TaskTag,
        });
        return RestoreResult.Restored;
    }

    /// <summary>Whether what is there is what was archived: after a loss of power it can be zeros, though nobody has touched it.</summary>
    private static async Task<bool> IsAsArchivedAsync(RestoreJob job, LedgerRecord record, CancellationToken cancellationToken)
    {
        using var lease = await job.Budget.AcquireAsync(FileChecksums.BufferBytes, cancellationToken);
        return FileChecksums.Of(job.File, record.SizeBytes, cancellationToken) == record.Checksum;
    }

    private async Task<(ulong Checksum, string ETag)> FetchAsync(
        RestoreJob job, LedgerRecord record, FileStatus status, ObjectAddress address, CancellationToken cancellationToken)
    {
        var repository = repositories.Resolve(address.Bucket);
        try
        {
            return (await FetchAsync(new Restore(job, new ContentReader(repository, address, record.SizeBytes), record, status), cancellationToken), address.ETag);
        }
        catch (RepositoryException e) when (e.Code == RepositoryErrorCode.PreconditionFailed && record.Checksum != 0)
        {
            // An export that was to change no more than its metadata has copied it, and died before it could say so; or it was copied or uploaded anew by
            // somebody else. If it is the same content, its checksum tells.
            if (await repository.HeadAsync(address.Key, cancellationToken) is not { } head || head.SizeBytes != record.SizeBytes) throw;
            if (head.Checksum is { } stored && stored != record.Checksum) throw;
            address = address with { ETag = head.ETag };
            return (await FetchAsync(new Restore(job, new ContentReader(repository, address, record.SizeBytes), record, status), cancellationToken), address.ETag);
        }
    }

    private async Task<ulong> FetchAsync(Restore restore, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FetchOnceAsync(restore with { Reader = restore.Reader.Anew() }, cancellationToken);
            }
            catch (RestoreFailedException e) when (e.IsSpoiled && attempt < Fetches)
            {
                // Nobody has seen it; asked for once more, it may come as it is.
            }
        }
    }

    private Task<ulong> FetchOnceAsync(Restore restore, CancellationToken cancellationToken) =>
        restore.Record.SizeBytes <= Math.Min(options.MultipartThresholdBytes, MaxWholeBytes)
            ? RestoreWholeAsync(restore, cancellationToken)
            : RestoreInRangesAsync(restore, cancellationToken);

    private static async Task<ulong> RestoreWholeAsync(Restore restore, CancellationToken cancellationToken)
    {
        var size = (int)restore.Record.SizeBytes;
        var lease = await restore.Job.Budget.AcquireAsync(size, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        ulong checksum;
        try
        {
            var content = buffer.AsMemory(0, size);
            await restore.Reader.ReadAsync(content, cancellationToken);
            checksum = Crc64Nvme.Hash(content.Span);
            if (restore.Reader.Head is { } head && !ContentProof.ByChecksum(restore.Reader.Name, restore.Record.Checksum, head, checksum) && ContentProof.HasMd5(head))
                ContentProof.ByMd5(restore.Reader.Name, head, content.Span);
            restore.Begin();
            restore.Undoing(() => SparseWriter.Write(restore.Job.File, content.Span, 0));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            lease.Dispose();
        }

        await restore.EndAsync();
        return checksum;
    }

    private async Task<ulong> RestoreInRangesAsync(Restore restore, CancellationToken cancellationToken)
    {
        var head = await restore.Reader.HeadAsync(cancellationToken);
        restore.Begin();
        ulong checksum = 0;
        await restore.UndoingAsync(async () =>
        {
            checksum = await FetchRangesAsync(restore, cancellationToken);
            if (!ContentProof.ByChecksum(restore.Reader.Name, restore.Record.Checksum, head, checksum) && ContentProof.HasMd5(head))
                ContentProof.ByMd5(restore.Reader.Name, head, restore.Job.File, cancellationToken);
        });
        await restore.EndAsync();
        return checksum;
    }

    private async Task<ulong> FetchRangesAsync(Restore restore, CancellationToken cancellationToken)
    {
        var size = restore.Record.SizeBytes;
        var rangeBytes = options.RangeBytes;
        var checksums = new ulong[(size + rangeBytes - 1) / rangeBytes];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.RangesInParallel, CancellationToken = cancellationToken, TaskScheduler = TaskScheduler.Current };
        await Parallel.ForAsync(0, checksums.Length, parallel, async (range, cancel) =>
        {
            var offset = (long)range * rangeBytes;
            checksums[range] = await FetchRangeAsync(restore, offset, Math.Min(rangeBytes, size - offset), cancel);
        });

        var whole = checksums[0];
        for (var range = 1; range < checksums.Length; range++)
            whole = Crc64Nvme.Combine(whole, checksums[range], Math.Min(rangeBytes, size - ((long)range * rangeBytes)));
        return whole;
    }

    private static async Task<ulong> FetchRangeAsync(Restore restore, long offset, long length, CancellationToken cancellationToken)
    {
        var checksum = new Crc64Nvme();
        using var lease = await restore.Job.Budget.AcquireAsync(PieceBytes, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            await restore.Reader.ReadAsync(offset, length, buffer.AsMemory(0, PieceBytes), (piece, at) =>
            {
                checksum.Append(piece.Span);
                SparseWriter.Write(restore.Job.File, piece.Span, at);
            }, cancellationToken);

            // The device has something to do while the next ranges come.
            FileSystemCalls.StartFlush(restore.Job.File, offset, length);
            return checksum.Value;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Write(RestoreJob job, LedgerRecord record)
    {
        if (!job.Ledger.TryWrite(job.File, record)) throw new RestoreFailedException("The file's inode does not take its record.", FailureCode.InternalError);
    }

    /// <summary>The file has its data: the record says so first, then the address goes.</summary>
    private static void Settle(RestoreJob job, LedgerRecord record)
    {
        Write(job, record);
        job.Ledger.RemoveAddress(job.File);

        // Removing it moved the time of change past the seal, and is no change of the file.
        job.Ledger.TryWrite(job.File, record);
    }

    /// <summary>A restore under way.</summary>
    private sealed record Restore(RestoreJob Job, ContentReader Reader, LedgerRecord Record, FileStatus Status)
    {
        /// <summary>The record says restoring, and what an earlier one has left is gone: blocks of zeros are not written, so they must be holes.</summary>
        public void Begin()
        {
            Job.Permit.BeginWith(() => Write(Job, Record with { IsRestoring = true, MtimeNs = Status.MtimeNs }));
            if (FileSystemCalls.SeekData(Job.File, 0) is null) return;
            CrashPoint.Before(SideEffect.RestorePunch);
            FileSystemCalls.PunchHole(Job.File, Record.SizeBytes);
            CrashPoint.After(SideEffect.RestorePunch);
        }

        /// <summary>The times are as they were, and all is on the device.</summary>
        public Task EndAsync() => UndoingAsync(() =>
        {
            CrashPoint.Before(SideEffect.RestoreTimes);
            FileSystemCalls.SetTimes(Job.File, Status.AtimeNs, Status.MtimeNs);
            CrashPoint.After(SideEffect.RestoreTimes);
            return Job.FlushAsync();
        });

        /// <summary>Writes; where that fails, nobody ever sees what was written.</summary>
        public void Undoing(Action write)
        {
            try
            {
                write();
            }
            catch
            {
                Undo();
                throw;
            }
        }

        /// <inheritdoc cref="Undoing"/>
        public async Task UndoingAsync(Func<Task> writeAsync)
        {
            try
            {
                await writeAsync();
            }
            catch
            {
                Undo();
                throw;
            }
        }

        private void Undo()
        {
            try
            {
                CrashPoint.Before(SideEffect.RestorePunch);
                FileSystemCalls.PunchHole(Job.File, Record.SizeBytes);
                CrashPoint.Before(SideEffect.RestoreTimes);
                FileSystemCalls.SetTimes(Job.File, Status.AtimeNs, Status.MtimeNs);
                Job.Ledger.TryWrite(Job.File, Record with { IsRestoring = false });
            }
            catch (PosixException)
            {
                // The record says restoring: the next restore sees to it.
            }
        }
    }
}
