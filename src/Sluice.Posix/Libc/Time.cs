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

        /// <summary>Nanoseconds since 1970; before it, tv_nsec is positive all the same.</summary>
        internal static timespec Of(long ns)
        {
            var (seconds, rest) = Math.DivRem(ns, 1_000_000_000);
            return rest < 0 ? new() { tv_sec = seconds - 1, tv_nsec = rest + 1_000_000_000 } : new() { tv_sec = seconds, tv_nsec = rest };
        }
    }
}
