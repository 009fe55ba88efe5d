using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>
/// Frees the data of archived files:
/// <code>
/// look at the file → look at its object, listed or asked about: what was archived? → a moment for whom it was restored → the guard's lock → <see cref="DataRelease"/>
/// </code>
/// </summary>
/// <param name="context">The task.</param>
/// <param name="guard">The guard of its file system.</param>
/// <param name="budget">Bounds the content held in memory.</param>
/// <param name="touchedBeforeNs">Only files that were last read, written or changed before this moment are released.</param>
/// <param name="time">The clock by which a file in use is waited for.</param>
internal sealed class Releaser(TaskContext context, IFileSystemGuard guard, ByteBudget budget, long touchedBeforeNs, TimeProvider time)
    : IMover<ScanEntry>, IDisposable
{
    // Read in a fraction of a second, for which those who open the file can wait.
    private const long LeasedReadBytes = 64 << 20;

    // Who cuts a file by its path (truncate) was let through by the guard, and until the kernel has it go on holds nothing that a lease would notice; on a
    // busy machine that takes a few hundredths of a second.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(100);

    private readonly InodeTurns _turns = new();

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    /// <inheritdoc/>
    public async Task<MoveResult> MoveAsync(ScanEntry entry, StartPermit permit, CancellationToken cancellationToken)
    {
        if (entry.Error is { } error) return context.Fail(error);
        if (entry.Link.Mapping.TryGetKey(entry.Path, isDirectory: false, out var key) is not null) return NotPermitted("Its name can't be that of an object.");
        try
        {
            using var node = FileSystemCalls.OpenBeneath(context.Root, entry.Path, OpenFlags.Path | OpenFlags.NoFollow);
            var status = FileSystemCalls.Status(node);
            if (status.Kind != FileKind.Regular) return InUse("It is no regular file any more.");
            if (status.IsImmutable || status.IsAppendOnly) return NotPermitted("It is immutable or append-only.");

            // Another name's release has the file open, and is not somebody who uses it.
            using var turn = status.LinkCount > 1 ? await _turns.TakeAsync(status.Inode, cancellationToken) : null;
            using var file = RegularFiles.Open(node, OpenFlags.ReadWrite);
            return await ReleaseAsync(entry, key, file, permit, cancellationToken);
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

    private async Task<MoveResult> ReleaseAsync(ScanEntry entry, string key, Fd file, StartPermit permit, CancellationToken cancellationToken)
    {
        if (context.Ledger.Read(file) is not { } record) return NotPermitted("It was never exported.");
        if (record.TaskTag == context.TaskTag || record.States.HasFlag(HsmStates.Released))
            return await FinishAsync(entry, file, record, permit, cancellationToken);

        var status = FileSystemCalls.Status(file);
        if (status.LastTouchedNs >= touchedBeforeNs) return MoveResult.NothingToDo;
        if (Refusal(entry, status, record) is { } refusal) return refusal;
        var repository = entry.Link.Repository;
        var etag = entry.Listed is { } listed && record.IsOf(listed.SizeBytes, listed.ETag) ? listed.ETag : null;
        if (etag is null)
        {
            if (await repository.HeadAsync(key, cancellationToken) is not { } head)
                return MoveResult.Failed(FailureCode.SourceObjectDeletedBeforeReleasing, $"The object '{key}' is gone.");
            if (!record.IsOf(head.SizeBytes, head.ETag))
                return IsOwnName(entry, record) ? MoveResult.Failed(FailureCode.S3Error, $"The object '{key}' was replaced since the file was exported.") : NotThisName();
            etag = head.ETag;
        }

        await SettleAsync(status.CtimeNs, cancellationToken);

        // Somebody touched the inode after the record was written, or had the file mapped then: only the content tells whether it is what was exported.
        var isSuspect = record.IsRacy || status.CtimeNs > record.SealNs;
        if (isSuspect && record.SizeBytes > LeasedReadBytes && await DiffersAsync(file, record, cancellationToken) is { } differs) return differs;
        using var lease = isSuspect ? await budget.AcquireAsync(FileChecksums.BufferBytes, cancellationToken) : null;
        var job = new ReleaseJob
        {
            File = file,
            Status = status,
            Record = record,
            Address = new ObjectAddress(repository.Bucket, key, etag),
            IsContentCompared = isSuspect && record.SizeBytes <= LeasedReadBytes,
            TouchedBeforeNs = touchedBeforeNs,
        };
        return await BeginAsync(entry, job, permit, cancellationToken);
    }

    /// <summary>Waits until a file that has just got its data back is in the hands of whoever waited for it.</summary>
    private Task SettleAsync(long ctimeNs, CancellationToken cancellationToken)
    {
        var left = SettlingTime + TimeSpan.FromTicks((ctimeNs - FileSystemCalls.FineTimeNs()) / TimeSpan.NanosecondsPerTick);

        // Of a time that is yet to come nothing can be told: somebody put the clock back.
        return left > TimeSpan.Zero && left <= SettlingTime ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Somebody who just looks at a file has it open for a moment: that is waited for, a little.</summary>
    private async Task<MoveResult> BeginAsync(ScanEntry entry, ReleaseJob job, StartPermit permit, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause *= 4)
        {
            MoveResult result;
            using (await guard.LockAsync(job.File, cancellationToken)) result = Release(entry, permit).Begin(job);
            if (result.Code != FailureCode.ResourceBusy || permit.HasBegun || pause > MaxPause) return result;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Released meanwhile, by another name of it or by an earlier life of the task; or half released, or half restored, by somebody else.</summary>
    private async Task<MoveResult> FinishAsync(ScanEntry entry, Fd file, LedgerRecord record, StartPermit permit, CancellationToken cancellationToken)
    {
        if (record.TaskTag != context.TaskTag && !record.IsUnderWay && !entry.IsCounted) return MoveResult.NothingToDo;

        var comparedCtimeNs = await CompareAsync(file, record, cancellationToken);

        // Whoever restores it has the lock meanwhile.
        using var hold = await guard.LockAsync(file, cancellationToken);
        var result = Release(entry, permit).Finish(file, comparedCtimeNs);
        if (result.Kind != MoveKind.NothingToDo || !entry.IsCounted) return result;

        // Without its data already, and not by this task: so it was not yet when the scan looked, or another file had the name.
        permit.BeginWith(static () => { });
        return MoveResult.Done;
    }

    /// <summary>A process that died between writing a record and making sure of its seal leaves a file that looks touched, though nobody has: the content tells.</summary>
    /// <returns>The file's time of change when its content was found to be what was archived; null where it was not, or nobody had to look.</returns>
    private async Task<long?> CompareAsync(Fd file, LedgerRecord record, CancellationToken cancellationToken)
    {
        var status = FileSystemCalls.Status(file);
        if (!record.IsReleasing || status.SizeBytes != record.SizeBytes || status.MtimeNs != record.MtimeNs || status.CtimeNs <= record.SealNs) return null;
        return await DiffersAsync(file, record, cancellationToken) is null ? status.CtimeNs : null;
    }

    private DataRelease Release(ScanEntry entry, StartPermit permit) => new(guard, context.Ledger, context.TaskTag, permit) { OnBegun = () => Count(entry) };

    /// <summary>What can be told without the repository.</summary>
    private static MoveResult? Refusal(ScanEntry entry, in FileStatus status, in LedgerRecord record)
    {
        if (!record.States.HasFlag(HsmStates.Archived) || record.States.HasFlag(HsmStates.Lost)) return NotPermitted("It was never exported.");
        if (record.States.HasFlag(HsmStates.NoRelease)) return NotPermitted("It is marked as not to be released.");
        if (record.States.HasFlag(HsmStates.Dirty) || record.SizeBytes != status.SizeBytes || record.MtimeNs != status.MtimeNs)
            return NotPermitted("It was changed since it was exported.");
        if (status.LinkCount == 1 && !IsOwnName(entry, record)) return NotThisName();
        return null;
    }

    /// <summary>Reads a file too large to keep others waiting meanwhile.</summary>
    private async Task<MoveResult?> DiffersAsync(Fd file, LedgerRecord record, CancellationToken cancellationToken)
    {
        // Cleans the pages: a store to mapped memory after this moves the time of modification, which is compared once nobody has the file any more.
        FileSystemCalls.FlushData(file);
        using var lease = await budget.AcquireAsync(FileChecksums.BufferBytes, cancellationToken);
        return FileChecksums.Of(file, record.SizeBytes, cancellationToken) == record.Checksum ? null : NotPermitted("It was changed since it was exported.");
    }

    private void Count(ScanEntry entry)
    {
        if (entry.IsCounted) return;
        entry.IsCounted = true;
        context.Counters.Found(entry.SizeBytes);
    }

    private static bool IsOwnName(ScanEntry entry, in LedgerRecord record) => record.AddressHash == entry.Link.Address.Of(entry.Path, isDirectory: false);

    private static MoveResult NotThisName() => NotPermitted("It was never exported under this name.");

    private static MoveResult NotPermitted(string detail) => MoveResult.Failed(FailureCode.OperationNotPermitted, detail);

    private static MoveResult InUse(string detail) => MoveResult.Failed(FailureCode.ResourceBusy, detail);
}
