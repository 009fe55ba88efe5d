using System.Globalization;

namespace Sluice.Scenarios;

/// <summary>What the kernel counts of a running process (proc(5)).</summary>
internal static class ProcessCounters
{
    private const int MillisecondsPerTick = 10;

    /// <summary>User and system time so far.</summary>
    public static TimeSpan Cpu(int pid)
    {
        // utime and stime are fields 14 and 15 of stat, counted behind the name in parentheses.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(
            MillisecondsPerTick * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    /// <summary>Greatest resident memory so far; 0 when the process is gone.</summary>
    public static long PeakBytes(int pid) => StatusBytes(pid, "VmHWM:");

    /// <summary>Resident memory; 0 when the process is gone.</summary>
    public static long ResidentBytes(int pid) => StatusBytes(pid, "VmRSS:");

    private static long StatusBytes(int pid, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
