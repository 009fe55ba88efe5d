using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    /// <summary>Waits until everything written so far to the file system of an open file is on the device (syncfs). Tells of errors of writing that
    /// happened since <paramref name="anyFile"/> was opened, or since it last told, whichever file's they were.</summary>
    public static void FlushFileSystem(Fd anyFile)
    {
        while (Unistd.syncfs(anyFile) != 0)
        {
            if (PosixException.LastErrno() is var errno and not Errno.EINTR) throw new PosixException(errno, "syncfs");
        }
    }
}
