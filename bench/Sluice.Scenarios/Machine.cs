using System.Globalization;

namespace Sluice.Scenarios;

/// <summary>Where it was measured, in words.</summary>
internal static class Machine
{
    /// <summary>Processors, memory, kernel.</summary>
    public static string Description()
    {
        var memory = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var gib = long.Parse(memory, CultureInfo.InvariantCulture) >> 20;
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} CPUs, {gib} GiB, Linux {kernel}");
    }

    /// <summary>Load averages.</summary>
    public static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}
