using System.Threading.RateLimiting;

namespace Sluice.Engine.Movers;

/// <summary>Has those who work on one inode take turns: the names of a file with several are worked on at once.</summary>
internal sealed class InodeTurns : IDisposable
{
    private readonly Slots[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new Slots(1))];

    /// <summary>Waits for its turn, which ends with the disposal of the result.</summary>
    public ValueTask<RateLimitLease> TakeAsync(ulong inode, CancellationToken cancellationToken) => _turns[inode % (ulong)_turns.Length].EnterAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }
}
