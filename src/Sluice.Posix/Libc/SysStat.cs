using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>sys/stat.h</c>.</summary>
internal static partial class SysStat
{
    internal const uint S_IFMT = 0xF000;
    internal const uint S_IFIFO = 0x1000;
    internal const uint S_IFCHR = 0x2000;
    internal const uint S_IFDIR = 0x4000;
    internal const uint S_IFBLK = 0x6000;
    internal const uint S_IFREG = 0x8000;
    internal const uint S_IFLNK = 0xA000;
    internal const uint S_IFSOCK = 0xC000;

    internal const uint STATX_BASIC_STATS = 0x7FF;
    internal const uint STATX_BTIME = 0x800;

    internal const uint STATX_ATTR_IMMUTABLE = 0x10;
    internal const uint STATX_ATTR_APPEND = 0x20;
    internal const uint STATX_ATTR_MOUNT_ROOT = 0x2000;

    /// <summary>Takes two times: of access and of modification.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int futimens(Fd fd, in Time.timespec firstOfTwo);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int statx_call(Fd dirfd, in byte pathname, int flags, uint mask, out statx statxbuf);

    [StructLayout(LayoutKind.Sequential)]
    internal struct statx_timestamp
    {
        internal long tv_sec;
        internal uint tv_nsec;
        private readonly int _reserved;
    }

    /// <summary>The first members; the kernel fills 256 bytes whatever was asked for.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct statx
    {
        internal uint stx_mask;
        internal uint stx_blksize;
        internal ulong stx_attributes;
        internal uint stx_nlink;
        internal uint stx_uid;
        internal uint stx_gid;
        internal ushort stx_mode;
        internal ulong stx_ino;
        internal ulong stx_size;
        internal ulong stx_blocks;
        internal ulong stx_attributes_mask;
        internal statx_timestamp stx_atime;
        internal statx_timestamp stx_btime;
        internal statx_timestamp stx_ctime;
        internal statx_timestamp stx_mtime;
        internal uint stx_rdev_major;
        internal uint stx_rdev_minor;
        internal uint stx_dev_major;
        internal uint stx_dev_minor;
    }
}
