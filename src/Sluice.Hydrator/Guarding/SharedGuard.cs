using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.Hydrator.Guarding;

/// <summary>Everybody is asked about files that carry a mark: those without data. Nothing else on the file system is slower, or stops with the Hydrator.</summary>
internal sealed class SharedGuard(GuardedSuperblock superblock, FileLocks locks) : IFileSystemGuard
{
    /// <inheritdoc/>
    public void Watch(Fd file) => superblock.Group.MarkFile(file);

    /// <inheritdoc/>
    public void Unwatch(Fd file) => superblock.Group.UnmarkFile(file);

    /// <inheritdoc/>
    public ValueTask<IDisposable> LockAsync(Fd file, CancellationToken cancellationToken) => locks.LockAsync(file, cancellationToken);
}
