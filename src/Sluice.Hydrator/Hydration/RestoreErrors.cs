using Sluice.Posix;

namespace Sluice.Hydrator.Hydration;

/// <summary>What a reader is told of a restore that failed. The kernel takes few errors only.</summary>
internal static class RestoreErrors
{
    /// <summary>The error of the reader's own call.</summary>
    public static Errno Of(Exception e) => e switch
    {
        PosixException { Errno: Errno.ENOSPC or Errno.EDQUOT or Errno.EAGAIN } posix => posix.Errno,
        _ => Errno.EIO,
    };
}
