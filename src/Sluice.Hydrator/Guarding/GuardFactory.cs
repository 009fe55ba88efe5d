using Sluice.Engine.Guarding;
using Sluice.Hydrator.Holding;

namespace Sluice.Hydrator.Guarding;

/// <summary>The guard of a guarded file system.</summary>
internal static class GuardFactory
{
    public static IFileSystemGuard Make(GuardedSuperblock superblock, HydratorFiles files, TimeProvider time)
    {
        files.Make();
        var locks = new FileLocks(files.Locks(superblock.Device), time);
        return superblock.Kind switch
        {
            GuardKind.Dedicated => new DedicatedGuard(superblock, locks),
            GuardKind.Shared => new SharedGuard(superblock, locks),
        };
    }
}
