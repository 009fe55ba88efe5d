using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>unistd.h</c>.</summary>
internal static partial class Unistd
{
    internal const int SEEK_SET = 0;
    internal const int SEEK_DATA = 3;
    internal const int SEEK_HOLE = 4;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport("libc")]
    internal static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setsid();

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup2(Fd oldfd, int newfd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint read(Fd fd, ref byte buf, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint write(Fd fd, in byte buf, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint pread(Fd fd, ref byte buf, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint pwrite(Fd fd, in byte buf, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fsync(Fd fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fdatasync(Fd fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ftruncate(Fd fd, long length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial long lseek(Fd fd, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint readlinkat(Fd dirfd, in byte pathname, ref byte buf, nuint bufsiz);
}
