using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>time.h</c>.</summary>
internal static partial class Time
{
    internal const int CLOCK_REALTIME_COARSE = 5;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_getres(int clockid, out timespec res);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_gettime(int clockid, out timespec tp);

    [StructLayout(LayoutKind.Sequential)]
    internal struct timespec
    {
        internal long tv_sec;
        internal long tv_nsec;
    }
}
