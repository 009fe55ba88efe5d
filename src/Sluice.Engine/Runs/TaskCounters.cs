using Sluice.Core.Tasks;

namespace Sluice.Engine.Runs;

/// <summary>Counters of a running task; safe for concurrent use.</summary>
internal sealed class TaskCounters
{
    private long _total;
    private long _succeeded;
    private long _failed;
    private long _totalBytes;
    private long _succeededBytes;

    /// <summary>Entries that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>An entry that needs work was found.</summary>
    public void Found(long bytes)
    {
        Interlocked.Increment(ref _total);
        Interlocked.Add(ref _totalBytes, bytes);
    }

    /// <summary>A closer look showed that an entry that was found needs no work.</summary>
    public void NothingToDo(long bytes)
    {
        Interlocked.Decrement(ref _total);
        Interlocked.Add(ref _totalBytes, -bytes);
    }

    /// <summary>An entry was done.</summary>
    public void Succeeded(long bytes)
    {
        Interlocked.Increment(ref _succeeded);
        Interlocked.Add(ref _succeededBytes, bytes);
    }

    /// <summary>An entry failed.</summary>
    public void AddFailure() => Interlocked.Increment(ref _failed);

    /// <summary>An entry was done by this task before its process died.</summary>
    public void DoneBefore(long bytes)
    {
        Found(bytes);
        Succeeded(bytes);
    }

    /// <summary>Forgets what was done, which is about to be counted anew; what is still to be done and what failed stays. Only when nothing is in flight.</summary>
    public void ForgetDone()
    {
        _total -= _succeeded;
        _totalBytes -= _succeededBytes;
        _succeeded = 0;
        _succeededBytes = 0;
    }

    /// <summary>The values now. Done is read before found, so that found is never the smaller one.</summary>
    public TaskProgress Read()
    {
        var succeededBytes = Interlocked.Read(ref _succeededBytes);
        var succeeded = Interlocked.Read(ref _succeeded);
        var failed = Interlocked.Read(ref _failed);
        return new TaskProgress(Interlocked.Read(ref _total), succeeded, failed, Interlocked.Read(ref _totalBytes), succeededBytes);
    }
}
