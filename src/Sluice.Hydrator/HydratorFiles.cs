using System.Globalization;

namespace Sluice.Hydrator;

/// <summary>What guarding keeps in a data directory.</summary>
internal sealed class HydratorFiles(string dataDirectory)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The directory of it all, for the owner alone.</summary>
    public string Folder { get; } = Path.Combine(dataDirectory, "hydrator");

    /// <summary>Held by the holder.</summary>
    public string HolderLock => Path.Combine(Folder, "holder.lock");

    /// <summary>Held by the worker.</summary>
    public string WorkerLock => Path.Combine(Folder, "worker.lock");

    /// <summary>Root directories with files without data on file systems that are not dedicated.</summary>
    public string SharedRoots => Path.Combine(Folder, "shared-roots");

    /// <summary>A byte for each inode of a file system.</summary>
    public string Locks(ulong device) => Of(device, "locks");

    /// <summary>The events that a worker has taken and not answered.</summary>
    public string Journal(ulong device) => Of(device, "journal");

    /// <summary>Where a dedicated file system is mounted.</summary>
    public string MountRecord(ulong device) => Of(device, MountRecordSuffix);

    /// <summary>The ending of the names of mount records.</summary>
    public const string MountRecordSuffix = "mount";

    /// <summary>Makes the directory.</summary>
    public void Make() => Directory.CreateDirectory(Folder, OwnerOnly);

    private string Of(ulong device, string suffix) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{device:x}.{suffix}"));
}
