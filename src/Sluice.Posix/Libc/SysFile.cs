using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>sys/file.h</c>.</summary>
internal static partial class SysFile
{
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int flock(Fd fd, int operation);
}
