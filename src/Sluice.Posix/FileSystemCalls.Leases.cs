using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    /// <summary>Whether anybody has a file open for writing or mapped writable right now, found out by asking for a lease for reading (F_SETLEASE, F_RDLCK)
    /// that is given back at once. False where the file system or one's rights do not allow one to know.</summary>
    /// <param name="file">Open for reading only.</param>
    public static bool HasWriter(Fd file)
    {
        if (!LeaseSignals.AreIgnored) return false;
        if (Fcntl.fcntl(file, Fcntl.F_SETLEASE, Fcntl.F_RDLCK) != 0) return PosixException.LastErrno() == Errno.EAGAIN;
        EndLease(file);
        return false;
    }
}
