using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    /// <summary>Whether anybody has a file open for writing or mapped writable right now, found out by asking for a lease for reading (F_SETLEASE, F_RDLCK)
    /// that is given back at once. False where the file system or one's rights do not allow one to know.</summary>
    /// <param name="file">Open for reading only.</param>
    public static bool HasWriter(Fd file)
    {
        var lease = TryReadLease(file);
        if (lease == true) EndLease(file);
        return lease == false;
    }

    /// <summary>Tries to keep writers off a file (F_SETLEASE, F_RDLCK): until <see cref="EndLease"/> whoever opens it for writing, or cuts it, waits.</summary>
    /// <param name="file">Open for reading only.</param>
    /// <returns>False when somebody has it open for writing or mapped writable; null where the file system or one's rights do not allow one to know.</returns>
    public static bool? TryReadLease(Fd file)
    {
        if (!LeaseSignals.AreIgnored) return null;
        if (Fcntl.fcntl(file, Fcntl.F_SETLEASE, Fcntl.F_RDLCK) == 0) return true;
        return PosixException.LastErrno() == Errno.EAGAIN ? false : null;
    }
}
