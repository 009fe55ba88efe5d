using Sluice.Engine.Guarding;
using Sluice.Engine.Movers;
using Sluice.Posix;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>A process's way to the guard of all disks. What is watched outlives it, its locks do not.</summary>
internal class SimulatedGuards(World world, ProcessCalls calls) : IFileSystemGuards, IFileSystemGuard
{
    private readonly Dictionary<Inode, Slots> _locks = [];

    /// <inheritdoc/>
    public GuardedRoot Open(string rootPath) => new(FileSystemCalls.OpenRoot(rootPath), this, refusal: null);

    /// <inheritdoc/>
    public virtual void Watch(Fd file) => Set(file, isWatched: true);

    /// <inheritdoc/>
    public void Unwatch(Fd file) => Set(file, isWatched: false);

    /// <inheritdoc/>
    public async ValueTask<IDisposable> LockAsync(Fd file, CancellationToken cancellationToken)
    {
        var inode = calls.InodeOf(file);
        if (!_locks.TryGetValue(inode, out var turns)) _locks[inode] = turns = new Slots(1);
        return await turns.EnterAsync(cancellationToken);
    }

    private void Set(Fd file, bool isWatched)
    {
        // It may die here, or somebody may come.
        world.AtPoint?.Invoke();
        if (!calls.IsAlive) return;
        var inode = calls.InodeOf(file);
        world.Note(isWatched ? "watch" : "unwatch", inode.Path);
        inode.IsWatched = isWatched;
        calls.RequireRight(inode);
    }
}
