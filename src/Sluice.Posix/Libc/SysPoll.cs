using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>poll.h</c>.</summary>
internal static partial class SysPoll
{
    internal const short POLLIN = 1;

    [StructLayout(LayoutKind.Sequential)]
    internal struct pollfd
    {
        internal int fd;
        internal short events;
        internal short revents;
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int poll(ref pollfd fds, nuint nfds, int timeout);
}
