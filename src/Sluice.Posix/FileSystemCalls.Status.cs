using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    private const uint StatusMask = SysStat.STATX_BASIC_STATS | SysStat.STATX_BTIME;

    /// <summary>The status of an open file.</summary>
    public static FileStatus Status(Fd fd)
    {
        var errno = TryStatus(fd, [], out var status);
        return errno == Errno.None ? status : throw new PosixException(errno, "statx");
    }

    /// <summary>The status of an entry of a directory: of a symlink itself, and without triggering an automount.</summary>
    /// <param name="directory">The directory; may be opened with <see cref="OpenFlags.Path"/>.</param>
    /// <param name="name">One name, no path; empty for the directory itself.</param>
    public static FileStatus StatusAt(Fd directory, ReadOnlySpan<byte> name)
    {
        var errno = TryStatus(directory, name, out var status);
        return errno == Errno.None ? status : throw new PosixException(errno, "statx", PathText.Of(name));
    }

    // Clearing what the call fills would be felt: this runs for every entry of every walk.
    [SkipLocalsInit]
    internal static Errno TryStatus(Fd directory, ReadOnlySpan<byte> name, out FileStatus status)
    {
        const int Flags = Fcntl.AT_SYMLINK_NOFOLLOW | Fcntl.AT_NO_AUTOMOUNT | Fcntl.AT_EMPTY_PATH;
        using var path = CString.Name(name, stackalloc byte[CString.StackBytes]);
        SysStat.statx raw;
        while (SysStat.statx_call(directory, in path.Reference, Flags, StatusMask, out raw) != 0)
        {
            var errno = PosixException.LastErrno();
            if (errno == Errno.EINTR)
                continue;
            status = default;
            return errno;
        }

        status = FileStatus.From(raw);
        return Errno.None;
    }

    /// <summary>
    /// Whether a directory is still beneath the root of the mount it was opened through: where that is a copy of one directory alone (<see cref="PrivateMount"/>),
    /// the kernel does not go up from a directory that was moved out of it (path_connected in fs/namei.c). Through any other mount everything is beneath.
    /// </summary>
    public static bool IsBeneathMountRoot(Fd directory)
    {
        int result;
        do
            result = SysStat.statx_call(directory, in "..\0"u8[0], Fcntl.AT_SYMLINK_NOFOLLOW | Fcntl.AT_NO_AUTOMOUNT, mask: 0, out _);
        while (result != 0 && PosixException.LastErrno() == Errno.EINTR);

        return result == 0 || PosixException.LastErrno() != Errno.ENOENT;
    }

    /// <summary>The target of a symlink in a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="name">The symlink's name.</param>
    /// <param name="buffer">Takes the target; 4,096 bytes are enough for any.</param>
    /// <returns>The target's length.</returns>
    /// <exception cref="PosixException">EINVAL: no symlink. ERANGE: the buffer is too small.</exception>
    public static int ReadLinkAt(Fd directory, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        using var path = CString.Name(name, stackalloc byte[CString.StackBytes]);
        nint length;
        do
            length = Unistd.readlinkat(directory, in path.Reference, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        while (length < 0 && PosixException.LastErrno() == Errno.EINTR);

        if (length < 0)
            throw new PosixException(PosixException.LastErrno(), "readlinkat", PathText.Of(name));
        // A target that fills the buffer may have been cut: readlink does not tell.
        return length < buffer.Length ? (int)length : throw new PosixException(Errno.ERANGE, "readlinkat", PathText.Of(name));
    }

    /// <summary>The target of a symlink opened with <see cref="OpenFlags.Path"/> and <see cref="OpenFlags.NoFollow"/>.</summary>
    /// <inheritdoc cref="ReadLinkAt"/>
    public static int ReadLink(Fd symlink, Span<byte> buffer) => ReadLinkAt(symlink, [], buffer);
}
