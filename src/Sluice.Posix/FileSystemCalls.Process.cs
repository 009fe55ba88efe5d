using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>
    /// Whether the calling thread may use a privilege. Inside a user namespace (rootless containers) the answer is about that
    /// namespace, and <c>trusted.</c> attributes are still refused: setting one is the only proof.
    /// </summary>
    public static bool HasCapability(Capability capability)
    {
        var header = new LinuxCapability.__user_cap_header_struct { version = LinuxCapability._LINUX_CAPABILITY_VERSION_3 };
        Span<LinuxCapability.__user_cap_data_struct> data = stackalloc LinuxCapability.__user_cap_data_struct[LinuxCapability._LINUX_CAPABILITY_U32S_3];
        if (SysSyscall.capget(SysSyscall.SYS_capget, in header, ref data[0]) != 0)
            throw new PosixException(PosixException.LastErrno(), "capget");
        var (word, bit) = Math.DivRem((int)capability, 32);
        return (data[word].effective & (1u << bit)) != 0;
    }

    /// <summary>Lets this process open as many files as the system allows it without privilege: the soft limit becomes the hard one.</summary>
    /// <returns>The limit now in force; <see cref="long.MaxValue"/> when there is none.</returns>
    public static long SetNoFileLimit()
    {
        if (SysResource.getrlimit(SysResource.RLIMIT_NOFILE, out var limit) != 0)
            throw new PosixException(PosixException.LastErrno(), "getrlimit RLIMIT_NOFILE");
        if (limit.rlim_cur < limit.rlim_max)
        {
            limit.rlim_cur = limit.rlim_max;
            if (SysResource.setrlimit(SysResource.RLIMIT_NOFILE, in limit) != 0)
                throw new PosixException(PosixException.LastErrno(), "setrlimit RLIMIT_NOFILE");
        }

        return (long)Math.Min(limit.rlim_cur, long.MaxValue);
    }

    /// <summary>How coarse the kernel's clock for file times is: two changes closer than this, in nanoseconds, can bear one time.</summary>
    public static long ClockGranularityNs()
    {
        if (Time.clock_getres(Time.CLOCK_REALTIME_COARSE, out var resolution) != 0)
            throw new PosixException(PosixException.LastErrno(), "clock_getres");
        return (resolution.tv_sec * NanosecondsPerSecond) + resolution.tv_nsec;
    }

    /// <summary>
    /// The time the kernel would give a file changed now, in nanoseconds since 1970. Kernels with multigrain time stamps (6.13) may
    /// give a finer, and then later, one, but never later than this plus <see cref="ClockGranularityNs"/>.
    /// </summary>
    public static long CoarseTimeNs()
    {
        if (Time.clock_gettime(Time.CLOCK_REALTIME_COARSE, out var now) != 0)
            throw new PosixException(PosixException.LastErrno(), "clock_gettime");
        return (now.tv_sec * NanosecondsPerSecond) + now.tv_nsec;
    }
}
