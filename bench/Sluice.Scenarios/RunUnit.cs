using System.Globalization;

namespace Sluice.Scenarios;

/// <summary>What a run gets done, and by what its costs are divided.</summary>
/// <param name="Name">What is counted per second: files, MiB.</param>
/// <param name="Count">How many of them one run does.</param>
/// <param name="CpuName">How the CPU time is given, as in "CPU ms per file".</param>
/// <param name="CpuFactor">What makes that of the seconds of a run.</param>
internal sealed record RunUnit(string Name, double Count, string CpuName, double CpuFactor)
{
    private const double Mib = 1 << 20;
    private const double Gib = 1 << 30;

    /// <summary>Files.</summary>
    public static RunUnit Files(long count) => new("files", count, "CPU ms per file", 1000.0 / count);

    /// <summary>Files that are looked at and left alone.</summary>
    public static RunUnit Entries(long count) => new("entries", count, "CPU µs per entry", 1e6 / count);

    /// <summary>Bytes.</summary>
    public static RunUnit Bytes(long bytes) => new("MiB", bytes / Mib, "CPU s per GiB", Gib / bytes);

    /// <summary>Bytes in words.</summary>
    public static string Text(long bytes) => bytes switch
    {
        >= 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gib:0.##} GiB"),
        >= 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mib:0.##} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.##} KiB"),
    };
}
