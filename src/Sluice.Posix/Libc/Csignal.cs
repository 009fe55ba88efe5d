using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>signal.h</c>.</summary>
internal static partial class Csignal
{
    internal const int SIGHUP = 1;
    internal const int SIGPIPE = 13;
    internal const int SIGIO = 29;

    private const nint SigIgn = 1;
    private const nint SigErr = -1;

    /// <summary>SIG_IGN for a signal.</summary>
    internal static bool Ignore(int signum) => signal(signum, SigIgn) != SigErr;

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint signal(int signum, nint handler);
}
