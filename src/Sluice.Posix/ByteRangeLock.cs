using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>One byte of a lock file, locked for whoever holds this (an open file description lock, fcntl(2)): excludes other holders in this process and
/// in others. The kernel ends it with the process.</summary>
public sealed class ByteRangeLock : IDisposable
{
    private readonly Fd _file;

    private ByteRangeLock(Fd file) => _file = file;

    /// <summary>Locks a byte, if nobody has it.</summary>
    /// <param name="path">The lock file, made if missing (mode 0600).</param>
    /// <param name="offset">Which byte.</param>
    /// <returns>The lock; null when somebody has it.</returns>
    public static ByteRangeLock? TryAcquire(string path, ulong offset)
    {
        var file = FileSystemCalls.OpenString(path, Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW, mode: 0x180 /* 0600 */);
        var range = new Fcntl.flock { l_type = Fcntl.F_WRLCK, l_start = (long)(offset & long.MaxValue), l_len = 1 };
        if (Fcntl.fcntl_lock(file, Fcntl.F_OFD_SETLK, in range) == 0) return new ByteRangeLock(file);
        var errno = PosixException.LastErrno();
        file.Dispose();
        return errno is Errno.EAGAIN or Errno.EACCES ? null : throw new PosixException(errno, "fcntl F_OFD_SETLK", path);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
