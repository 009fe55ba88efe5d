namespace Sluice.Engine.Movers;

/// <summary>Has those who work on one inode take turns: the names of a file with several are worked on at once.</summary>
internal sealed class InodeTurns : IDisposable
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for its turn, which ends with the disposal of the result.</summary>
    public async Task<IDisposable> TakeAsync(ulong inode, CancellationToken cancellationToken)
    {
        var turn = _turns[inode % (ulong)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        return new Turn(() => turn.Release());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
