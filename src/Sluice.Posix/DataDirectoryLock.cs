using System.Globalization;
using System.Text;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>
/// Says that one process owns a data directory: an exclusive flock(2) on a file in it. The kernel ends it with the process,
/// however that ends, so no stale lock is ever left; the file stays. The file holds the owner's process id, for people.
/// </summary>
public sealed class DataDirectoryLock : IDisposable
{
    private readonly Fd _file;

    private DataDirectoryLock(Fd file) => _file = file;

    /// <summary>Takes the lock if no one has it.</summary>
    /// <param name="path">The lock file, made if missing (mode 0600); never through a symlink.</param>
    /// <returns>The lock, held until disposed; null when someone else, or this process, holds it.</returns>
    /// <exception cref="PosixException">The file can not be made, locked or written.</exception>
    public static DataDirectoryLock? TryAcquire(string path)
    {
        while (true)
        {
            var file = FileSystemCalls.OpenString(path, Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW, mode: 0x180 /* 0600 */);
            try
            {
                if (!TryLock(file, path))
                {
                    file.Dispose();
                    return null;
                }

                if (IsStillAt(path, file))
                {
                    WriteProcessId(file, path);
                    return new DataDirectoryLock(file);
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            // Someone removed or replaced the file between opening and locking: what is locked is not what others will find.
            file.Dispose();
        }
    }

    /// <summary>The process id that the owner wrote into the lock file, for messages; null when it can't be read. A file that nobody
    /// holds names its last owner.</summary>
    public static int? OwnerOf(string path)
    {
        try
        {
            // Not by File, which takes a lock of its own to read.
            using var file = FileSystemCalls.OpenString(path, Fcntl.O_RDONLY | Fcntl.O_NOFOLLOW, mode: 0);
            Span<byte> text = stackalloc byte[16];
            return int.TryParse(text[..FileSystemCalls.Read(file, text, 0)], NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (PosixException)
        {
            return null;
        }
    }

    /// <summary>Lets go of the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static bool TryLock(Fd file, string path)
    {
        while (SysFile.flock(file, SysFile.LOCK_EX | SysFile.LOCK_NB) != 0)
        {
            switch (PosixException.LastErrno())
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return false;
                case var errno:
                    throw new PosixException(errno, "flock", path);
            }
        }

        return true;
    }

    private static bool IsStillAt(string path, Fd file)
    {
        try
        {
            using var found = FileSystemCalls.OpenString(path, Fcntl.O_PATH | Fcntl.O_NOFOLLOW, mode: 0);
            return FileSystemCalls.Status(found).IsSameInode(FileSystemCalls.Status(file));
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    private static void WriteProcessId(Fd file, string path)
    {
        if (Unistd.ftruncate(file, 0) != 0)
            throw new PosixException(PosixException.LastErrno(), "ftruncate", path);
        var text = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        _ = FileSystemCalls.Write(file, text, 0);
    }
}
