using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Sluice.TestKit;

// Names are those of the C headers, so that a reader finds them in the manual.
#pragma warning disable IDE1006, CS8981

/// <summary>
/// The C library calls the test kit needs because .NET has no equal: names that are not UTF-8, owners, node types,
/// process groups and poll(2). Names and constants as in C (Linux, all architectures .NET runs on). The test kit has its own
/// bindings so that a mistake in the product's cannot hide itself. Paths end in a zero byte (<see cref="TreePath.Terminated"/>).
/// </summary>
internal static unsafe partial class Libc
{
    public const int EEXIST = 17;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int ESRCH = 3;

    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;

    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_REMOVEDIR = 0x200;

    public const uint RENAME_EXCHANGE = 2;

    public const uint S_IFMT = 0xF000;
    public const uint S_IFSOCK = 0xC000;
    public const uint S_IFLNK = 0xA000;
    public const uint S_IFREG = 0x8000;
    public const uint S_IFDIR = 0x4000;
    public const uint S_IFIFO = 0x1000;

    public const int SIGKILL = 9;
    public const int SIGTERM = 15;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;

    public const short POLLIN = 1;
    public const short POLLOUT = 4;

    public const int EFD_NONBLOCK = 0x800;
    public const int EFD_CLOEXEC = 0x80000;

    private const uint STATX_BASIC_STATS = 0x7FF;

    [StructLayout(LayoutKind.Sequential)]
    public struct timespec
    {
        public nint tv_sec;
        public nint tv_nsec;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct pollfd
    {
        public int fd;
        public short events;
        public short revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct statx_timestamp
    {
        public long tv_sec;
        public uint tv_nsec;
        public int reserved;
    }

    /// <summary>statx(2); its layout is the same on every architecture, which is why it is used here and stat(2) is not.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct statx_t
    {
        public uint stx_mask;
        public uint stx_blksize;
        public ulong stx_attributes;
        public uint stx_nlink;
        public uint stx_uid;
        public uint stx_gid;
        public ushort stx_mode;
        public ushort padding;
        public ulong stx_ino;
        public ulong stx_size;
        public ulong stx_blocks;
        public ulong stx_attributes_mask;
        public statx_timestamp stx_atime;
        public statx_timestamp stx_btime;
        public statx_timestamp stx_ctime;
        public statx_timestamp stx_mtime;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int open(ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdir(ReadOnlySpan<byte> path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int symlink(ReadOnlySpan<byte> target, ReadOnlySpan<byte> path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int link(ReadOnlySpan<byte> existing, ReadOnlySpan<byte> path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mknod(ReadOnlySpan<byte> path, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat2(int oldDirectory, ReadOnlySpan<byte> oldPath, int newDirectory, ReadOnlySpan<byte> newPath, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int inotify_add_watch(SafeFileHandle queue, ReadOnlySpan<byte> path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int chmod(ReadOnlySpan<byte> path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int lchown(ReadOnlySpan<byte> path, uint uid, uint gid);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int utimensat(int directory, ReadOnlySpan<byte> path, ReadOnlySpan<timespec> times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlink(ReadOnlySpan<byte> path, Span<byte> target, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint lgetxattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(Span<pollfd> descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(SafeFileHandle descriptor, Span<byte> buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(SafeFileHandle descriptor, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    public static partial uint geteuid();

    /// <summary>What the entry itself is: a symlink is not followed. Null when there is no entry.</summary>
    public static statx_t? Stat(ReadOnlySpan<byte> path)
    {
        if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, out var result) == 0)
            return result;
        return Marshal.GetLastPInvokeError() == ENOENT ? null : throw Failed("statx", path);
    }

    /// <summary>The names in a directory, without <c>.</c> and <c>..</c>, as bytes, in the file system's order.</summary>
    public static IReadOnlyList<byte[]> Names(ReadOnlySpan<byte> path)
    {
        // struct dirent of 64-bit Linux: ino 8, off 8, reclen 2, type 1, name.
        const int NameOffset = 19;
        var directory = opendir(path);
        if (directory == 0)
            throw Failed("opendir", path);
        try
        {
            var names = new List<byte[]>();
            for (var entry = readdir(directory); entry != 0; entry = readdir(directory))
            {
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)entry + NameOffset);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    names.Add(name.ToArray());
            }

            return names;
        }
        finally
        {
            _ = closedir(directory);
        }
    }

    /// <summary>Deletes one entry; a directory must be empty. No entry is no error.</summary>
    public static void Remove(ReadOnlySpan<byte> path, bool directory)
    {
        if (unlinkat(AT_FDCWD, path, directory ? AT_REMOVEDIR : 0) != 0 && Marshal.GetLastPInvokeError() != ENOENT)
            throw Failed("unlinkat", path);
    }

    /// <summary>Throws with the call, the path and the error when a call answered -1; otherwise hands its answer on.</summary>
    public static int Check(int answer, string call, ReadOnlySpan<byte> path) => answer < 0 ? throw Failed(call, path) : answer;

    public static IOException Failed(string call, ReadOnlySpan<byte> path)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{call} {TreePath.Display(path.TrimEnd((byte)0))}: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, ReadOnlySpan<byte> path, int flags, uint mask, out statx_t result);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint opendir(ReadOnlySpan<byte> path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readdir(nint directory);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int closedir(nint directory);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlinkat(int directory, ReadOnlySpan<byte> path, int flags);
}
