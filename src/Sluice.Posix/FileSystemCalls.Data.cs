using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    /// <summary>Reads at an offset (pread).</summary>
    /// <returns>Bytes read: fewer than asked for near the end or at the kernel's whim, 0 at the end.</returns>
    public static int Read(Fd fd, Span<byte> buffer, long offset)
    {
        nint count;
        do
            count = Unistd.pread(fd, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, offset);
        while (count < 0 && PosixException.LastErrno() == Errno.EINTR);

        return count >= 0 ? (int)count : throw new PosixException(PosixException.LastErrno(), "pread");
    }

    /// <summary>Writes at an offset (pwrite).</summary>
    /// <returns>Bytes written; may be fewer than given, the caller goes on from there.</returns>
    public static int Write(Fd fd, ReadOnlySpan<byte> data, long offset)
    {
        nint count;
        do
            count = Unistd.pwrite(fd, in MemoryMarshal.GetReference(data), (nuint)data.Length, offset);
        while (count < 0 && PosixException.LastErrno() == Errno.EINTR);

        return count >= 0 ? (int)count : throw new PosixException(PosixException.LastErrno(), "pwrite");
    }

    /// <summary>Waits until content and metadata are on the device (fsync). After an error the content written since is in doubt.</summary>
    public static void Flush(Fd fd)
    {
        while (Unistd.fsync(fd) != 0)
        {
            if (PosixException.LastErrno() is var errno and not Errno.EINTR)
                throw new PosixException(errno, "fsync");
        }
    }

    /// <summary>The first offset at or after <paramref name="offset"/> with data; null when only a hole, or nothing, follows.</summary>
    public static long? SeekData(Fd fd, long offset)
    {
        var found = Unistd.lseek(fd, offset, Unistd.SEEK_DATA);
        if (found >= 0)
            return found;
        return PosixException.LastErrno() is var errno and not Errno.ENXIO ? throw new PosixException(errno, "lseek SEEK_DATA") : null;
    }

    /// <summary>The first offset at or after <paramref name="offset"/> in a hole; the end of the file counts as one.</summary>
    /// <exception cref="PosixException">ENXIO: <paramref name="offset"/> is at or behind the end.</exception>
    public static long SeekHole(Fd fd, long offset)
    {
        var found = Unistd.lseek(fd, offset, Unistd.SEEK_HOLE);
        return found >= 0 ? found : throw new PosixException(PosixException.LastErrno(), "lseek SEEK_HOLE");
    }

    /// <summary>Tells the kernel that the file will be read from front to back. A hint: never fails.</summary>
    public static void AdviseSequential(Fd fd) => _ = Fcntl.posix_fadvise(fd, 0, 0, Fcntl.POSIX_FADV_SEQUENTIAL);

    /// <summary>Tells the kernel that it need not keep these bytes in memory. A hint: never fails.</summary>
    /// <param name="fd">The file.</param>
    /// <param name="offset">Where the bytes begin.</param>
    /// <param name="length">How many; 0 for all to the end.</param>
    public static void AdviseDontNeed(Fd fd, long offset, long length) =>
        _ = Fcntl.posix_fadvise(fd, offset, length, Fcntl.POSIX_FADV_DONTNEED);
}
