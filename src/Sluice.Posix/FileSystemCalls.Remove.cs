using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    /// <summary>Removes an entry of a directory (unlinkat): a symlink itself, never what it points to.</summary>
    /// <param name="directory">The directory; may be opened with <see cref="OpenFlags.Path"/>.</param>
    /// <param name="name">One name, no path.</param>
    /// <param name="isDirectory">Whether it is an empty directory that is to go.</param>
    public static void RemoveAt(Fd directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        if (TryRemoveAt(directory, name, isDirectory) is var errno and not Errno.None)
            throw new PosixException(errno, "unlinkat", PathText.Of(name));
    }

    internal static Errno TryRemoveAt(Fd directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        using var path = CString.Name(name, stackalloc byte[CString.StackBytes]);
        while (Unistd.unlinkat(directory, in path.Reference, isDirectory ? Fcntl.AT_REMOVEDIR : 0) != 0)
        {
            if (PosixException.LastErrno() is var errno and not Errno.EINTR)
                return errno;
        }

        return Errno.None;
    }
}
