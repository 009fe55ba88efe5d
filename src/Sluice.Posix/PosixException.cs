using System.Runtime.InteropServices;

namespace Sluice.Posix;

/// <summary>A system call failed; the message says which, on what path, and why.</summary>
public sealed class PosixException : IOException
{
    /// <summary>Makes the exception of one failed call.</summary>
    /// <param name="errno">Why it failed.</param>
    /// <param name="call">The call, by its name in C.</param>
    /// <param name="path">What it was about, as text (see <see cref="PathText"/>); null where the call has no path.</param>
    public PosixException(Errno errno, string call, string? path = null)
        : base(Describe(errno, call, path), (int)errno) => Errno = errno;

    /// <summary>Why the call failed.</summary>
    public Errno Errno { get; }

    /// <summary>The error of the last call that set one on this thread.</summary>
    internal static Errno LastErrno() => (Errno)Marshal.GetLastPInvokeError();

    private static string Describe(Errno errno, string call, string? path)
    {
        var what = path is null ? call : $"{call} '{path}'";
        return $"{what}: {Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})";
    }
}
