using System.Runtime.InteropServices;

namespace Sluice.Posix;

/// <summary>The C library's calls used here, named as in C. Every caller loops on EINTR where the call can return it.</summary>
#pragma warning disable IDE1006, CA5392 // Names as in C; search paths are set for the assembly.
internal static unsafe partial class LibC
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial long syscall(long number, long a, void* b, void* c, long d, void* e, long f);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int statx(Fd directory, byte* path, int flags, uint mask, Statx* buffer);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint readlinkat(Fd directory, byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint pread(Fd fd, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fsync(Fd fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint fgetxattr(SafeHandle fd, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint getxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fsetxattr(SafeHandle fd, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fremovexattr(SafeHandle fd, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int posix_fadvise(Fd fd, long offset, long length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_gettime(int clock, Timespec* time);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_getres(int clock, Timespec* resolution);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int flock(Fd fd, int operation);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getrlimit(int resource, Rlimit* limit);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setrlimit(int resource, Rlimit* limit);

    [LibraryImport("libc")]
    internal static partial uint geteuid();

    /// <summary>struct timespec (time.h), 64-bit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;

        public readonly long ToNs() => (Seconds * 1_000_000_000) + Nanoseconds;
    }

    /// <summary>struct rlimit (sys/resource.h), 64-bit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Rlimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    /// <summary>struct statx_timestamp (linux/stat.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatxTimestamp
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;

        public readonly long ToNs() => (Seconds * 1_000_000_000) + Nanoseconds;
    }

    /// <summary>struct statx (linux/stat.h); 256 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct Statx
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint LinkCount;
        public uint Uid;
        public uint Gid;
        public ushort Mode;
        public ushort Spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public StatxTimestamp Atime;
        public StatxTimestamp Btime;
        public StatxTimestamp Ctime;
        public StatxTimestamp Mtime;
        public uint RdevMajor;
        public uint RdevMinor;
        public uint DevMajor;
        public uint DevMinor;
    }

    /// <summary>struct open_how (linux/openat2.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>struct xattr_args (linux/xattr.h, kernel 6.13).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct XattrArgs
    {
        public ulong Value;
        public uint Size;
        public uint Flags;
    }
}
