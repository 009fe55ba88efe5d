using System.Collections.Concurrent;
using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.SystemTests.Release;

/// <summary>A guard that guards nothing and writes down what it is asked. Locks by inode, within this process.</summary>
internal sealed class CallGuard : IFileSystemGuard
{
    private readonly ConcurrentDictionary<ulong, SemaphoreSlim> _locks = new();

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Called by <see cref="Watch"/>.</summary>
    public Action<Fd>? OnWatch { get; set; }

    public void Watch(Fd file)
    {
        Calls.Enqueue("watch");
        OnWatch?.Invoke(file);
    }

    public void Unwatch(Fd file) => Calls.Enqueue("unwatch");

    public async ValueTask<IDisposable> LockAsync(Fd file, CancellationToken cancellationToken)
    {
        var turn = _locks.GetOrAdd(FileSystemCalls.Status(file).Inode, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        Calls.Enqueue("lock");
        return new Hold(turn);
    }

    private sealed class Hold(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
