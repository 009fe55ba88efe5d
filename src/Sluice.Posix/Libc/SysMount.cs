using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>sys/mount.h</c> and <c>sys/pidfd.h</c>: calls that not every libc in use has a function for.</summary>
internal static partial class SysMount
{
    internal const int SYS_open_tree = 428;
    internal const int SYS_pidfd_open = 434;
    internal const int SYS_pidfd_getfd = 438;

    internal const int OPEN_TREE_CLONE = 1;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint open_tree(nint number, nint dirfd, string pathname, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint pidfd_open(nint number, nint pid, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint pidfd_getfd(nint number, Fd pidfd, nint targetfd, nuint flags);
}
