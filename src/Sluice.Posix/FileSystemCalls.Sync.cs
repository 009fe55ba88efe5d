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

    /// <summary>Has what was written to these bytes of a file begin its way to the device, and waits for none of it (sync_file_range). A hint: never fails, and
    /// promises nothing; an error of writing is told by the next flush.</summary>
    /// <param name="fd">The file.</param>
    /// <param name="offset">Where the bytes begin.</param>
    /// <param name="length">How many.</param>
    public static void StartFlush(Fd fd, long offset, long length) => _ = Fcntl.sync_file_range(fd, offset, length, Fcntl.SYNC_FILE_RANGE_WRITE);
}
