using Sluice.Posix.Libc;

namespace Sluice.Posix;

// What making entries of directories takes. Names are single names in an open directory: nothing is resolved, no symlink followed.
public static partial class FileSystemCalls
{
    private const uint OwnerReadWrite = 0b110_000_000;

    /// <summary>Makes a file that has no name yet, in the file system of a directory (O_TMPFILE), open for reading and writing, mode 0600.
    /// Without <see cref="Link"/> it vanishes with its descriptor.</summary>
    /// <exception cref="PosixException">EOPNOTSUPP, EISDIR: the file system or the kernel has no such files. ENOSPC: no room, or no inodes.</exception>
    public static Fd OpenNameless(Fd directory)
    {
        int descriptor;
        do
            descriptor = Fcntl.openat(directory, in ".\0"u8[0], Fcntl.O_TMPFILE | Fcntl.O_RDWR | Fcntl.O_CLOEXEC, OwnerReadWrite);
        while (descriptor < 0 && PosixException.LastErrno() == Errno.EINTR);

        return descriptor >= 0 ? new Fd(descriptor) : throw new PosixException(PosixException.LastErrno(), "openat O_TMPFILE");
    }

    /// <summary>Gives an open file a name in a directory of its file system (linkat).</summary>
    /// <exception cref="PosixException">EEXIST: the name is taken, by whatever.</exception>
    public static void Link(Fd file, Fd directory, ReadOnlySpan<byte> name)
    {
        using var path = CString.Name(name, stackalloc byte[CString.StackBytes]);
        if (Unistd.linkat(file, in "\0"u8[0], directory, in path.Reference, Fcntl.AT_EMPTY_PATH) == 0) return;

        // Without CAP_DAC_READ_SEARCH only the way through /proc is left.
        if (PosixException.LastErrno() == Errno.ENOENT)
        {
            var source = ProcPath.Of(file, stackalloc byte[ProcPath.MaxBytes]);
            var result = Unistd.linkat_absolute(Fcntl.AT_FDCWD, in source[0], directory, in path.Reference, Fcntl.AT_SYMLINK_FOLLOW);
            GC.KeepAlive(file);
            if (result == 0) return;
        }

        throw new PosixException(PosixException.LastErrno(), "linkat", PathText.Of(name));
    }

    /// <summary>Renames an entry within its directory (renameat), at once replacing what has the new name.</summary>
    /// <exception cref="PosixException">EISDIR: a directory has the new name.</exception>
    public static void RenameAt(Fd directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> newName)
    {
        using var from = CString.Name(name, stackalloc byte[CString.StackBytes]);
        using var to = CString.Name(newName, stackalloc byte[CString.StackBytes]);
        if (Stdio.renameat(directory, in from.Reference, directory, in to.Reference) != 0)
            throw new PosixException(PosixException.LastErrno(), "renameat", PathText.Of(newName));
    }

    /// <summary>Removes an entry that is no directory.</summary>
    /// <returns>False when there is none.</returns>
    public static bool UnlinkAt(Fd directory, ReadOnlySpan<byte> name)
    {
        using var path = CString.Name(name, stackalloc byte[CString.StackBytes]);
        if (Unistd.unlinkat(directory, in path.Reference, flags: 0) == 0) return true;
        return PosixException.LastErrno() is var errno and not Errno.ENOENT ? throw new PosixException(errno, "unlinkat", PathText.Of(name)) : false;
    }

    /// <summary>Makes a directory (mkdirat).</summary>
    /// <param name="parent">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="mode">Permissions, from which the process's umask takes some.</param>
    /// <returns>False when the name is taken, by whatever.</returns>
    public static bool TryMakeDirectory(Fd parent, ReadOnlySpan<byte> name, uint mode)
    {
        using var path = CString.Name(name, stackalloc byte[CString.StackBytes]);
        if (SysStat.mkdirat(parent, in path.Reference, mode) == 0) return true;
        return PosixException.LastErrno() is var errno and not Errno.EEXIST ? throw new PosixException(errno, "mkdirat", PathText.Of(name)) : false;
    }

    /// <summary>Makes a symlink (symlinkat).</summary>
    /// <returns>False when the name is taken, by whatever.</returns>
    public static bool TryMakeSymlink(Fd directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        using var path = CString.Name(name, stackalloc byte[CString.StackBytes]);
        using var text = CString.Path(target, stackalloc byte[CString.StackBytes]);
        if (Unistd.symlinkat(in text.Reference, directory, in path.Reference) == 0) return true;
        return PosixException.LastErrno() is var errno and not Errno.EEXIST ? throw new PosixException(errno, "symlinkat", PathText.Of(name)) : false;
    }

    /// <summary>Sets owner and group of an open file, also of one opened with <see cref="OpenFlags.Path"/>, such as a symlink. Takes set-id bits away.</summary>
    public static void SetOwner(Fd file, uint uid, uint gid)
    {
        if (Unistd.fchownat(file, in "\0"u8[0], uid, gid, Fcntl.AT_EMPTY_PATH | Fcntl.AT_SYMLINK_NOFOLLOW) != 0)
            throw new PosixException(PosixException.LastErrno(), "fchownat");
    }

    /// <summary>Sets the permissions of an open file or directory (fchmod).</summary>
    public static void SetMode(Fd file, uint mode)
    {
        if (SysStat.fchmod(file, mode) != 0) throw new PosixException(PosixException.LastErrno(), "fchmod");
    }

    /// <summary>Sets the times of access and modification, in nanoseconds since 1970, of a file opened with <see cref="OpenFlags.Path"/>, such as a
    /// symlink; Linux 5.8 and later.</summary>
    public static void SetTimesOfPath(Fd file, long atimeNs, long mtimeNs)
    {
        ReadOnlySpan<Time.timespec> times = [Time.timespec.Of(atimeNs), Time.timespec.Of(mtimeNs)];
        if (SysStat.utimensat(file, in "\0"u8[0], in times[0], Fcntl.AT_EMPTY_PATH | Fcntl.AT_SYMLINK_NOFOLLOW) != 0)
            throw new PosixException(PosixException.LastErrno(), "utimensat");
    }
}
