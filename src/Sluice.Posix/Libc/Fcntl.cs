using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>fcntl.h</c>.</summary>
internal static partial class Fcntl
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 0x1;
    internal const int O_RDWR = 0x2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_TRUNC = 0x200;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_NOATIME = 0x40000;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_PATH = 0x200000;

    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_NO_AUTOMOUNT = 0x800;
    internal const int AT_EMPTY_PATH = 0x1000;

    internal const int FALLOC_FL_KEEP_SIZE = 1;
    internal const int FALLOC_FL_PUNCH_HOLE = 2;

    internal const int F_SETFD = 2;
    internal const int FD_CLOEXEC = 1;

    internal const int F_SETLEASE = 1024;
    internal const int F_WRLCK = 1;
    internal const int F_UNLCK = 2;
    internal const int F_OFD_SETLK = 37;

    internal const int POSIX_FADV_SEQUENTIAL = 2;
    internal const int POSIX_FADV_DONTNEED = 4;

    internal const int SYNC_FILE_RANGE_WRITE = 2;

    internal static readonly int O_DIRECTORY = Abi.Select(x64: 0x10000, arm64: 0x4000);
    internal static readonly int O_NOFOLLOW = Abi.Select(x64: 0x20000, arm64: 0x8000);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string pathname, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int openat(Fd dirfd, in byte pathname, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fallocate(Fd fd, int mode, long offset, long len);

    /// <summary>Its third argument is one of several types: here a number.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fcntl(Fd fd, int op, nint arg);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int fcntl_lock(Fd fd, int op, in flock arg);

    /// <summary>Answers the error number itself and leaves <c>errno</c> alone.</summary>
    [LibraryImport("libc")]
    internal static partial int posix_fadvise(Fd fd, long offset, long len, int advice);

    [LibraryImport("libc")]
    internal static partial int sync_file_range(Fd fd, long offset, long nbytes, int flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct flock
    {
        internal short l_type;
        internal short l_whence;
        internal long l_start;
        internal long l_len;
        internal int l_pid;
    }
}
