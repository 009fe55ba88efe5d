using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    /// <summary>The time in nanoseconds since 1970, as exactly as the kernel knows it.</summary>
    public static long FineTimeNs()
    {
        if (Time.clock_gettime(Time.CLOCK_REALTIME, out var now) != 0)
            throw new PosixException(PosixException.LastErrno(), "clock_gettime");
        return (now.tv_sec * NanosecondsPerSecond) + now.tv_nsec;
    }
}
