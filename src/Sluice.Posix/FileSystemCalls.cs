using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Posix;

/// <summary>Files relative to an open directory. Nothing here follows a symlink or leaves the directory it is given, except
/// <see cref="OpenRoot"/>, whose path is the operator's own. Names are bytes. Failures are <see cref="PosixException"/>.</summary>
public static unsafe partial class FileSystemCalls
{
    /// <summary>Opens a directory by its absolute path.</summary>
    public static Fd OpenRoot(string absolutePath)
    {
        fixed (byte* path = CString.Of(absolutePath))
        {
            int fd;
            do
            {
                fd = LibC.open(path, Numbers.O_DIRECTORY | Numbers.O_CLOEXEC, 0);
            }
            while (fd < 0 && WasInterrupted());

            return fd >= 0 ? new Fd(fd) : throw PosixException.Last("open", Encoding.UTF8.GetBytes(absolutePath));
        }
    }

    /// <summary>Opens beneath <paramref name="root"/> (openat2(2) with RESOLVE_BENEATH, NO_SYMLINKS, NO_MAGICLINKS, NO_XDEV). An empty path is
    /// the root itself. ELOOP: a symlink on the way; EXDEV: it would leave the root or its mount.</summary>
    public static Fd OpenBeneath(Fd root, ReadOnlySpan<byte> relativePath, OpenFlags flags, uint mode = 0) =>
        Open(root, relativePath.IsEmpty ? "."u8 : relativePath, flags, mode,
            Numbers.RESOLVE_BENEATH | Numbers.RESOLVE_NO_SYMLINKS | Numbers.RESOLVE_NO_MAGICLINKS | Numbers.RESOLVE_NO_XDEV);

    /// <summary>Status of an open file.</summary>
    public static FileStatus Status(Fd file) => Status(file, [], Numbers.AT_EMPTY_PATH);

    /// <summary>Status of an entry of an open directory; of a symlink, its own.</summary>
    public static FileStatus StatusAt(Fd directory, ReadOnlySpan<byte> name) =>
        Status(directory, name, Numbers.AT_SYMLINK_NOFOLLOW | Numbers.AT_NO_AUTOMOUNT);

    /// <summary>Target of a symlink opened with <see cref="OpenFlags.Path"/>; returns its length, at most that of the buffer.</summary>
    public static int ReadLink(Fd symlink, Span<byte> buffer)
    {
        byte empty = 0;
        fixed (byte* target = buffer)
        {
            var length = LibC.readlinkat(symlink, &empty, target, (nuint)buffer.Length);
            return length >= 0 ? (int)length : throw PosixException.Last("readlinkat");
        }
    }

    /// <summary>Reads at an offset; may be short, 0 at the end.</summary>
    public static int Read(Fd file, Span<byte> buffer, long offset)
    {
        fixed (byte* target = buffer)
        {
            while (true)
            {
                var read = LibC.pread(file, target, (nuint)buffer.Length, offset);
                if (read >= 0) return (int)read;
                if (!WasInterrupted()) throw PosixException.Last("pread");
            }
        }
    }

    /// <summary>Makes an open file or directory durable.</summary>
    public static void Flush(Fd file)
    {
        while (LibC.fsync(file) != 0)
        {
            if (!WasInterrupted()) throw PosixException.Last("fsync");
        }
    }

    /// <summary>Tells the kernel that the file will be read from begin to end. Only a hint: errors are ignored.</summary>
    public static void AdviseSequential(Fd file) => _ = LibC.posix_fadvise(file, 0, 0, Numbers.POSIX_FADV_SEQUENTIAL);

    private static Fd Open(Fd root, ReadOnlySpan<byte> path, OpenFlags flags, uint mode, ulong resolve)
    {
        Span<byte> stack = stackalloc byte[CString.StackBytes];
        var terminated = CString.Terminate(path, stack);
        var how = new LibC.OpenHow { Flags = Translate(flags), Mode = mode, Resolve = resolve };
        var added = false;
        try
        {
            root.DangerousAddRef(ref added);
            fixed (byte* name = terminated)
            {
                while (true)
                {
                    var fd = LibC.syscall(Numbers.SYS_openat2, root.Number, name, &how, sizeof(LibC.OpenHow), null, 0);
                    if (fd >= 0) return new Fd((int)fd);

                    // EAGAIN: a rename or mount raced with the resolution (openat2(2)); the kernel asks to try again.
                    if (!WasInterrupted() && LastErrno() != Errno.EAGAIN) throw PosixException.Last("openat2", path);
                }
            }
        }
        finally
        {
            if (added) root.DangerousRelease();
        }
    }

    private static FileStatus Status(Fd directory, ReadOnlySpan<byte> name, int flags)
    {
        Span<byte> stack = stackalloc byte[CString.StackBytes];
        LibC.Statx buffer;
        fixed (byte* path = CString.Terminate(name, stack))
        {
            while (LibC.statx(directory, path, flags, Numbers.STATX_BASIC_STATS, &buffer) != 0)
            {
                if (!WasInterrupted()) throw PosixException.Last("statx", name);
            }
        }

        return FileStatus.From(buffer);
    }

    private static ulong Translate(OpenFlags flags)
    {
        var value = Numbers.O_CLOEXEC;
        if (flags.HasFlag(OpenFlags.ReadWriteCreate)) value |= 0x42;
        if (flags.HasFlag(OpenFlags.NonBlock)) value |= 0x800;
        if (flags.HasFlag(OpenFlags.Directory)) value |= Numbers.O_DIRECTORY;
        if (flags.HasFlag(OpenFlags.NoFollow)) value |= Numbers.O_NOFOLLOW;
        if (flags.HasFlag(OpenFlags.NoAtime)) value |= 0x40000;
        if (flags.HasFlag(OpenFlags.Path)) value |= 0x200000;
        return (ulong)value;
    }

    private static Errno LastErrno() => (Errno)Marshal.GetLastPInvokeError();

    private static bool WasInterrupted() => LastErrno() == Errno.EINTR;
}
