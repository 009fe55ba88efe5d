using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.SystemTests.Import;

/// <summary>The same guard, or none, for every file system. Guarded ones are reached through a private mount, as they really are.</summary>
internal sealed class FixedGuards(IFileSystemGuard? guard, string? refusal = null) : IFileSystemGuards
{
    /// <inheritdoc/>
    public GuardedRoot Open(string rootPath)
    {
        if (guard is null) return new GuardedRoot(FileSystemCalls.OpenRoot(rootPath), guard, refusal);
        var mount = PrivateMount.Clone(rootPath);
        return new GuardedRoot(mount.Root, guard, refusal, mount);
    }
}
