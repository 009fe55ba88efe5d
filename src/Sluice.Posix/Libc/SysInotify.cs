using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>sys/inotify.h</c>.</summary>
internal static partial class SysInotify
{
    internal const int IN_CLOEXEC = Fcntl.O_CLOEXEC;
    internal const uint IN_DELETE_SELF = 0x400;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int inotify_add_watch(Fd fd, in byte pathname, uint mask);
}
