using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>sys/mount.h</c> and <c>sys/pidfd.h</c>: calls that not every libc in use has a function for.</summary>
internal static partial class SysMount
{
    internal const int SYS_open_tree = 428;
    internal const int SYS_move_mount = 429;
    internal const int SYS_fsopen = 430;
    internal const int SYS_fsconfig = 431;
    internal const int SYS_fsmount = 432;
    internal const int SYS_pidfd_open = 434;
    internal const int SYS_pidfd_getfd = 438;

    internal const int OPEN_TREE_CLONE = 1;
    internal const int FSOPEN_CLOEXEC = 1;
    internal const int FSMOUNT_CLOEXEC = 1;
    internal const int FSCONFIG_SET_FLAG = 0;
    internal const int FSCONFIG_SET_STRING = 1;

    /// <summary>Linux 6.6: fails with EBUSY when the file system is mounted already.</summary>
    internal const int FSCONFIG_CMD_CREATE_EXCL = 8;

    internal const int MOVE_MOUNT_F_EMPTY_PATH = 4;

    internal const int MOUNT_ATTR_NOSUID = 0x2;
    internal const int MOUNT_ATTR_NODEV = 0x4;
    internal const int MOUNT_ATTR_NOEXEC = 0x8;
    internal const int MOUNT_ATTR_NOATIME = 0x10;
    internal const int MOUNT_ATTR_STRICTATIME = 0x20;
    internal const int MOUNT_ATTR_NODIRATIME = 0x80;

    internal const int UMOUNT_NOFOLLOW = 8;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint fsopen(nint number, string fsname, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint fsconfig(nint number, Fd fd, nuint cmd, string? key, string? value, nint aux);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint fsmount(nint number, Fd fsfd, nuint flags, nuint attr_flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint move_mount(nint number, Fd from_dfd, string from_pathname, nint to_dfd, string to_pathname, nuint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int umount2(string target, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint open_tree(nint number, nint dirfd, string pathname, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint pidfd_open(nint number, nint pid, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint pidfd_getfd(nint number, Fd pidfd, nint targetfd, nuint flags);
}
