using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>
/// The release of one file, of which the caller has the guard's lock. Waits for nobody.
/// <code>
/// lease → nothing changed since → address → record says released, releasing → watched → nobody opened it meanwhile → record says restoring → punched
///       → times → record says released → lease ended
/// </code>
/// The lease fails while anybody has the file open or mapped, and holds off who would open it. A death anywhere leaves the file as it was, or with a
/// record that says so until somebody changes it, or, once everybody is asked, with one that says that the data is to be fetched anew whatever is there.
/// </summary>
internal sealed class DataRelease(IFileSystemGuard guard, LedgerStore ledger, ulong taskTag, StartPermit permit)
{
    /// <summary>Called when the task may begin the file.</summary>
    public required Action OnBegun { get; init; }

    /// <summary>Releases a file that is as it was when the caller looked at it.</summary>
    public MoveResult Begin(ReleaseJob job) => Alone(job.File, () => BeginAlone(job));

    /// <summary>Finishes a release that died, of whatever task, or frees what a restore that died has left.</summary>
    /// <param name="file">The file.</param>
    /// <param name="comparedCtimeNs">The file's time of change when its content was compared, and was what was archived; null where it was not.</param>
    public MoveResult Finish(Fd file, long? comparedCtimeNs)
    {
        var record = ledger.Read(file);
        if (record is { IsUnderWay: true } begun) return Alone(file, () => FinishAlone(file, begun, comparedCtimeNs));
        if (record?.TaskTag != taskTag) return MoveResult.NothingToDo;
        BeginWith(() => { });
        return MoveResult.Done;
    }

    private static MoveResult Alone(Fd file, Func<MoveResult> release)
    {
        if (!FileSystemCalls.TryLease(file)) return InUse();
        try
        {
            return release();
        }
        finally
        {
            FileSystemCalls.EndLease(file);
        }
    }

    private MoveResult FinishAlone(Fd file, LedgerRecord record, long? comparedCtimeNs)
    {
        var isMine = record.TaskTag == taskTag;
        var status = FileSystemCalls.Status(file);
        var found = ReleasedContent.Judge(file, status, record);
        if (found == FoundData.None && !isMine) return MoveResult.NothingToDo;
        if (found is FoundData.Theirs or FoundData.Mixed && status.CtimeNs != comparedCtimeNs)
        {
            BeginWith(() => { });
            return Changed();
        }

        // The file's own time of modification is what the record says: what died may have moved it.
        var mine = record with { TaskTag = taskTag };
        BeginWith(() => ledger.TryWrite(file, mine));
        Watch(file);

        // Who opened it before that would read zeros. The data is the object's, and stays; the next reader has it fetched anew.
        return FileSystemCalls.TryLease(file) ? Punch(file, status.AtimeNs, mine) : MoveResult.Done;
    }

    private MoveResult BeginAlone(ReleaseJob job)
    {
        var (file, record) = (job.File, job.Record);
        var now = FileSystemCalls.Status(file);
        if (now.CtimeNs != job.Status.CtimeNs || now.MtimeNs != job.Status.MtimeNs || now.SizeBytes != job.Status.SizeBytes || ledger.Read(file) != record)
            return InUse();
        if (now.LastTouchedNs >= job.TouchedBeforeNs) return MoveResult.NothingToDo;
        if (job.IsContentCompared)
        {
            if (FileChecksums.Of(file, record.SizeBytes) != record.Checksum)
                return Changed();
            if (!FileSystemCalls.TryLease(file)) return InUse();
        }

        BeginWith(() => ledger.WriteAddress(file, job.Address));
        var released = record with { States = record.States | HsmStates.Released, IsReleasing = true, IsRacy = false, TaskTag = taskTag };
        if (!ledger.TryWrite(file, released))
        {
            ledger.RemoveAddress(file);
            return NoRecord();
        }

        return TryWatch(file, record) ? Punch(file, now.AtimeNs, released) : InUse();
    }

    private void BeginWith(Action firstChange)
    {
        permit.BeginWith(firstChange);
        OnBegun();
    }

    /// <summary>Has everybody asked from now on. False, with the file as it was, when somebody is opening it who was not: the kernel decides at an open,
    /// before it waits for the lease to end, whether that descriptor is ever asked about.</summary>
    private bool TryWatch(Fd file, in LedgerRecord before)
    {
        try
        {
            Watch(file);
            if (FileSystemCalls.TryLease(file)) return true;
        }
        catch (PosixException)
        {
            Undo(file, before);
            throw;
        }

        Undo(file, before);
        return false;
    }

    private void Watch(Fd file)
    {
        CrashPoint.Before(SideEffect.GuardWatch);
        guard.Watch(file);
        CrashPoint.After(SideEffect.GuardWatch);
    }

    private void Undo(Fd file, in LedgerRecord before)
    {
        if (!ledger.TryWrite(file, before)) return;
        ledger.RemoveAddress(file);
        CrashPoint.Before(SideEffect.GuardUnwatch);
        guard.Unwatch(file);
    }

    private MoveResult Punch(Fd file, long atimeNs, in LedgerRecord released)
    {
        // From here on its data may be gone in part.
        if (!ledger.TryWrite(file, released with { IsReleasing = false, IsRestoring = true })) return NoRecord();
        CrashPoint.Before(SideEffect.ReleasePunch);
        FileSystemCalls.PunchHole(file, released.SizeBytes);
        CrashPoint.Before(SideEffect.ReleaseTimes);
        FileSystemCalls.SetTimes(file, atimeNs, released.MtimeNs);
        CrashPoint.After(SideEffect.ReleaseTimes);
        if (FileSystemCalls.SeekData(file, 0) is not null) return MoveResult.Failed(FailureCode.InternalError, "The file system kept data of the file.");

        // From here on what is found in it is somebody else's.
        ledger.TryWrite(file, released with { IsReleasing = false, IsRestoring = false });
        return MoveResult.Done;
    }

    private static MoveResult Changed() => MoveResult.Failed(FailureCode.OperationNotPermitted, "It was changed since it was exported.");

    private static MoveResult NoRecord() => MoveResult.Failed(FailureCode.InternalError, "The file's inode does not take its record.");

    private static MoveResult InUse() => MoveResult.Failed(FailureCode.ResourceBusy, "The file is in use.");
}
