using System.Text;
using Sluice.Posix;

namespace Sluice.Hydrator.Mounting;

/// <summary>
/// What is kept of a mount of 'sluice mount': the file <c>hydrator/DEVICE.mount</c> with the machine's boot id, the directory and the block device, each ended by a NUL.
/// Written before anybody sees the mount, removed when it is gone. Should every process that keeps its group be killed, it says that the mount is to be guarded again.
/// </summary>
/// <param name="Device">The superblock's device number.</param>
/// <param name="BootId">When it was mounted.</param>
/// <param name="Directory">Where.</param>
/// <param name="Source">The block device.</param>
internal sealed record MountRecord(ulong Device, string BootId, string Directory, string Source)
{
    /// <summary>Of this boot.</summary>
    public static string CurrentBoot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>All of this boot.</summary>
    public static IReadOnlyList<MountRecord> ReadAll(HydratorFiles files)
    {
        if (!System.IO.Directory.Exists(files.Folder)) return [];
        var boot = CurrentBoot();
        var records = new List<MountRecord>();
        foreach (var path in System.IO.Directory.EnumerateFiles(files.Folder, "*." + HydratorFiles.MountRecordSuffix))
        {
            if (!ulong.TryParse(Path.GetFileNameWithoutExtension(path), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var device)) continue;
            if (File.ReadAllText(path).Split('\0') is [var id, var directory, var source, _] && id == boot) records.Add(new MountRecord(device, id, directory, source));
            else File.Delete(path);
        }

        return records;
    }

    /// <summary>Whether it is still there.</summary>
    public bool IsMounted() => MountTable.Read().Any(mount => mount.Device == Device && mount.Path == Directory);

    /// <summary>Writes it.</summary>
    public void Write(HydratorFiles files)
    {
        files.Make();
        var path = files.MountRecord(Device);
        File.WriteAllBytes(path + ".new", Encoding.UTF8.GetBytes(string.Concat(BootId, "\0", Directory, "\0", Source, "\0")));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Removes it and what else was about this mount.</summary>
    public void Remove(HydratorFiles files)
    {
        File.Delete(files.Journal(Device));
        File.Delete(files.Locks(Device));
        File.Delete(files.MountRecord(Device));
    }
}
