namespace Sluice.Core.Tasks;

/// <summary>
/// The one gate every file of a task passes before its first side effect; a cancel closes it for good.
/// <code>
/// mover, at the first byte of the first request:   if (!permit.TryBegin()) → the file was never started
///                                                  send it; permit.Begun()
/// cancel:                                          commit CANCELING; gate.Close(); answer
/// </code>
/// When <see cref="Close"/> returns, no permit can begin any more and every permit that did begin has its first byte
/// out: a side effect never starts after the answer. Lock-free: one interlocked word.
/// It does not wait for files in flight.
/// </summary>
public sealed class StartGate : IDisposable
{
    private const long ClosedBit = long.MinValue;

    private readonly CancellationTokenSource _closed = new();

    // Sign bit: closed. The rest: permits between TryBegin and Begun.
    private long _state;
    private long _started;

    /// <summary>Whether no further file may begin.</summary>
    public bool IsClosed => Volatile.Read(ref _state) < 0;

    /// <summary>Canceled soon after the gate closed: wakes what waits on behalf of files that have not begun. Never a reason to drop a file that has.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Files that have begun so far.</summary>
    public long StartedCount => Volatile.Read(ref _started);

    /// <summary>A permit for one file. Cheap; a mover makes one per entry.</summary>
    public StartPermit NewPermit() => new(this);

    /// <summary>Closes the gate; idempotent. Returns when no new file can begin, which takes the time of a system call at most.</summary>
    public void Close()
    {
        Interlocked.Or(ref _state, ClosedBit);
        var spin = new SpinWait();
        while (Volatile.Read(ref _state) != ClosedBit) spin.SpinOnce();

        // Its callbacks are the movers' business; the caller's answer must not wait for them. Where the task has ended meanwhile, nobody does.
        _ = _closed.CancelOnCurrentSchedulerAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _closed.Dispose();

    internal bool TryBegin()
    {
        if (Interlocked.Increment(ref _state) > 0)
        {
            Interlocked.Increment(ref _started);
            return true;
        }

        Interlocked.Decrement(ref _state);
        return false;
    }

    internal void Begun() => Interlocked.Decrement(ref _state);
}
