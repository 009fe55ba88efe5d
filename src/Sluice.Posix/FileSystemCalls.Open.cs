using System.Text;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>
/// System calls on files, each with its error as a <see cref="PosixException"/>. Names and paths are bytes, relative to an open
/// directory, and no call follows a symlink, except <see cref="OpenRoot"/>: that path is the operator's own.
/// </summary>
public static partial class FileSystemCalls
{
    /// <summary>
    /// A rename anywhere in the system can make a careful resolution fail with EAGAIN (openat2(2)). The same error can also mean
    /// a lease on a file opened with NonBlock, so trying again has an end.
    /// </summary>
    private const int AgainAttempts = 128;

    private const ulong Beneath = LinuxOpenat2.RESOLVE_BENEATH | LinuxOpenat2.RESOLVE_NO_SYMLINKS
        | LinuxOpenat2.RESOLVE_NO_MAGICLINKS | LinuxOpenat2.RESOLVE_NO_XDEV;

    /// <summary>Opens the directory below which everything happens. Symlinks in the path are followed.</summary>
    /// <exception cref="PosixException">It is missing, no directory, or may not be read.</exception>
    public static Fd OpenRoot(string absolutePath) => OpenString(absolutePath, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, mode: 0);

    /// <summary>Refers to a directory by an absolute path that no symlink may be part of, wherever its mounts are.</summary>
    /// <exception cref="PosixException">ELOOP: a symlink is in the path.</exception>
    public static Fd OpenReal(string absolutePath)
    {
        const ulong Real = LinuxOpenat2.RESOLVE_NO_SYMLINKS | LinuxOpenat2.RESOLVE_NO_MAGICLINKS;
        using var anywhere = OpenString("/", Fcntl.O_PATH | Fcntl.O_DIRECTORY, mode: 0);
        var errno = TryOpen(anywhere, Encoding.UTF8.GetBytes(absolutePath), OpenFlags.Path | OpenFlags.Directory, mode: 0, Real, out var opened);
        return opened ?? throw new PosixException(errno, "openat2", absolutePath);
    }

    /// <summary>Opens a file of the operator's own choice for reading; symlinks are followed.</summary>
    public static Fd OpenFile(string path) => OpenString(path, Fcntl.O_RDONLY, mode: 0);

    /// <summary>
    /// Opens a file below a directory with openat2(2): never through a symlink, never outside by "..", never on another mount.
    /// The descriptor is closed on exec.
    /// </summary>
    /// <param name="root">The directory; may be opened with <see cref="OpenFlags.Path"/>.</param>
    /// <param name="relativePath">Where the file is; empty for the directory itself.</param>
    /// <param name="flags">How to open; a FIFO or device is only opened without waiting with <see cref="OpenFlags.NonBlock"/>.</param>
    /// <param name="mode">Permissions of a new file; 0 unless <see cref="OpenFlags.Create"/> is given.</param>
    /// <exception cref="PosixException">
    /// ELOOP: a symlink is in the path. EXDEV: it leads outside, or to another mount. Others as open(2).
    /// </exception>
    public static Fd OpenBeneath(Fd root, ReadOnlySpan<byte> relativePath, OpenFlags flags, uint mode = 0)
    {
        var errno = TryOpenBeneath(root, relativePath, flags, mode, out var opened);
        return opened ?? throw new PosixException(errno, "openat2", PathText.Of(relativePath));
    }

    internal static Errno TryOpenBeneath(Fd root, ReadOnlySpan<byte> relativePath, OpenFlags flags, uint mode, out Fd? opened) =>
        TryOpen(root, relativePath.IsEmpty ? "."u8 : relativePath, flags, mode, Beneath, out opened);

    private static Errno TryOpen(Fd directory, ReadOnlySpan<byte> pathBytes, OpenFlags flags, uint mode, ulong resolve, out Fd? opened)
    {
        using var path = CString.Path(pathBytes, stackalloc byte[CString.StackBytes]);
        var how = new LinuxOpenat2.open_how
        {
            flags = (uint)NativeOpenFlags.Of(flags | OpenFlags.CloseOnExec),
            mode = mode,
            resolve = resolve,
        };
        for (var attempt = 0; ;)
        {
            var descriptor = SysSyscall.openat2(SysSyscall.SYS_openat2, directory, in path.Reference, in how, LinuxOpenat2.open_how.Bytes);
            if (descriptor >= 0)
            {
                opened = new Fd((int)descriptor);
                return Errno.None;
            }

            var errno = PosixException.LastErrno();
            if (errno == Errno.EINTR || (errno == Errno.EAGAIN && ++attempt < AgainAttempts))
                continue;
            opened = null;
            return errno;
        }
    }

    /// <summary>Opens the directory that holds another one. Renames move directories: the caller checks which one it got.</summary>
    internal static Errno TryOpenParent(Fd directory, out Fd? opened)
    {
        int descriptor;
        do
            descriptor = Fcntl.openat(directory, in "..\0"u8[0], Fcntl.O_RDONLY | Fcntl.O_DIRECTORY | Fcntl.O_CLOEXEC, mode: 0);
        while (descriptor < 0 && PosixException.LastErrno() == Errno.EINTR);

        opened = descriptor >= 0 ? new Fd(descriptor) : null;
        return opened is null ? PosixException.LastErrno() : Errno.None;
    }

    internal static Fd OpenString(string path, int nativeFlags, uint mode)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new PosixException(Errno.EINVAL, "a path must not contain NUL: open", path.Replace("\0", "\\x00", StringComparison.Ordinal));
        int descriptor;
        do
            descriptor = Fcntl.open(path, nativeFlags | Fcntl.O_CLOEXEC, mode);
        while (descriptor < 0 && PosixException.LastErrno() == Errno.EINTR);

        return descriptor >= 0 ? new Fd(descriptor) : throw new PosixException(PosixException.LastErrno(), "open", path);
    }
}
