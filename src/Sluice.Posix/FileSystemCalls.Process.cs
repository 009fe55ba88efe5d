using System.Globalization;

namespace Sluice.Posix;

/// <summary>A right of the process (capabilities(7)); the value is its bit.</summary>
public enum Capability
{
    /// <summary>CAP_DAC_READ_SEARCH: reads what permissions forbid.</summary>
    DacReadSearch = 2,

    /// <summary>CAP_SYS_ADMIN: <c>trusted.</c> attributes, among much else.</summary>
    SysAdmin = 21,
}

/// <summary>The process, its clock and its limits.</summary>
public static unsafe partial class FileSystemCalls
{
    private static readonly Lazy<ulong> EffectiveCapabilities = new(ReadCapabilities);

    /// <summary>Whether the process has a capability in effect.</summary>
    public static bool HasCapability(Capability capability) => (EffectiveCapabilities.Value & (1UL << (int)capability)) != 0;

    /// <summary>Whether the process runs as root.</summary>
    public static bool IsRoot => LibC.geteuid() == 0;

    /// <summary>Time as the kernel stamps it on inodes now, in nanoseconds since 1970.</summary>
    public static long CoarseTimeNs()
    {
        LibC.Timespec time;
        _ = LibC.clock_gettime(Numbers.CLOCK_REALTIME_COARSE, &time);
        return time.ToNs();
    }

    /// <summary>Step of <see cref="CoarseTimeNs"/>: a kernel tick.</summary>
    public static long ClockGranularityNs()
    {
        LibC.Timespec step;
        _ = LibC.clock_getres(Numbers.CLOCK_REALTIME_COARSE, &step);
        return step.ToNs();
    }

    /// <summary>Raises the soft limit of open descriptors to the hard one.</summary>
    public static void RaiseDescriptorLimit()
    {
        LibC.Rlimit limit;
        if (LibC.getrlimit(Numbers.RLIMIT_NOFILE, &limit) != 0) return;
        limit.Soft = limit.Hard;
        _ = LibC.setrlimit(Numbers.RLIMIT_NOFILE, &limit);
    }

    private static ulong ReadCapabilities()
    {
        const string Label = "CapEff:";
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(Label, StringComparison.Ordinal))
                return ulong.Parse(line.AsSpan(Label.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return 0;
    }
}
