using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

internal static partial class SysStat
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int mkdirat(Fd dirfd, in byte pathname, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fchmod(Fd fd, uint mode);

    /// <summary>Takes two times: of access and of modification.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int utimensat(Fd dirfd, in byte pathname, in Time.timespec firstOfTwo, int flags);
}
