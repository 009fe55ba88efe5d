using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Guarding;

/// <summary>Finds out whether files of a file system can be guarded. Each answer is null, or the reason and the remedy in at most 200 characters.</summary>
internal static class GuardProbe
{
    /// <summary>Whether this process and this kernel can guard the file system of a directory.</summary>
    public static string? RefusalOf(Fd directory, MountEntry? mount)
    {
        if (!FileSystemCalls.HasCapability(Capability.SysAdmin))
            return "Guarding files without data needs CAP_SYS_ADMIN: run the server as root, or give it this capability.";
        var type = mount?.Type is { Length: <= 32 } known ? known : "this type";
        try
        {
            using var group = FanotifyGroup.Create();
            group.MarkFile(directory);
        }
        catch (PosixException e)
        {
            return e.Errno switch
            {
                Errno.EOPNOTSUPP => $"A file system of type {type} can't be guarded: keep the files on ext4, XFS or Btrfs.",
                Errno.EINVAL or Errno.ENOSYS => $"This kernel ({Kernel()}) has no pre-content events of fanotify: use Linux 6.14 or later.",
                Errno.EPERM => "The kernel refuses fanotify here (a container's rules?): give the server CAP_SYS_ADMIN of the machine itself.",
                Errno.EMFILE => "No more fanotify groups: raise fs.fanotify.max_user_groups.",
                _ => $"Files can't be guarded here: fanotify answers {e.Errno}. Look at the kernel's log.",
            };
        }

        return LedgerStore.Probe(directory).IsTrusted ? null : "This file system keeps no trusted attributes, which say which files are without data: keep the files on ext4, XFS or Btrfs.";
    }

    /// <summary>Whether asking about every file of a file system would have the Hydrator ask itself.</summary>
    public static string? RefusalOfDedicated(ulong device, string dataDirectory)
    {
        if (DeviceOf(dataDirectory) == device) return "The data directory lies on this file system, which could then guard itself only: move the data directory to another one.";
        if (DeviceOf(AppContext.BaseDirectory) == device || (Environment.ProcessPath is { } path && DeviceOf(Path.GetDirectoryName(path)!) == device))
            return "The program lies on this file system, which could then guard itself only: install it on another one.";
        return null;
    }

    private static ulong? DeviceOf(string directory)
    {
        using var folder = FileSystemCalls.OpenRoot(directory);
        return MountTable.Of(folder)?.Device;
    }

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim() is { Length: <= 60 } release ? release : "of unknown release";
}
