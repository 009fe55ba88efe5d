using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.Hydrator.Guarding;

/// <summary>Everybody is asked about every file but those that carry an ignore mark: those found resident, until their inode leaves memory.</summary>
internal sealed class DedicatedGuard(GuardedSuperblock superblock, FileLocks locks) : IFileSystemGuard
{
    /// <inheritdoc/>
    public void Watch(Fd file) => superblock.Group.Watch(file);

    /// <inheritdoc/>
    public void Unwatch(Fd file) => superblock.Group.Ignore(file);

    /// <inheritdoc/>
    public ValueTask<IDisposable> LockAsync(Fd file, CancellationToken cancellationToken) => locks.LockAsync(file, cancellationToken);
}
