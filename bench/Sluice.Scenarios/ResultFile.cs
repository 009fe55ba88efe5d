using System.Globalization;
using System.Text;

namespace Sluice.Scenarios;

/// <summary>Results of a scenario as Markdown: medians and spread of all rounds, each contender beside Sluice.</summary>
internal static class ResultFile
{
    private const double Mib = 1 << 20;

    /// <summary>Writes <c>NAME.md</c> into <paramref name="directory"/> and answers the text.</summary>
    public static string Write(
        string directory, ExportScenario scenario, IReadOnlyList<(Contender Contender, List<Measurement> Runs)> results, DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Export of {scenario.Title}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd}; {Machine()}; S3 server: Ceph RADOS Gateway with its data in memory, on the same machine, fresh for each run.");
        text.AppendLine(CultureInfo.InvariantCulture, $"{results[0].Runs.Count} round(s), contenders in turn; medians, in brackets the least and the greatest. Load while it ran: {Load()}.");
        text.AppendLine();
        text.AppendLine(scenario.Files == 1
            ? "| | wall s | MiB/s | client CPU s per GiB | peak memory MiB | speed against Sluice |"
            : "| | wall s | files/s | client CPU ms per file | peak memory MiB | speed against Sluice |");
        text.AppendLine("|---|---|---|---|---|---|");
        var sluice = Median(results[0].Runs, run => run.Wall.TotalSeconds);
        foreach (var (contender, runs) in results)
        {
            var wall = Median(runs, run => run.Wall.TotalSeconds);
            var speed = scenario.Files == 1 ? scenario.Bytes / Mib / wall : scenario.Files / wall;
            var cpu = Median(runs, run => run.Cpu.TotalSeconds) * (scenario.Files == 1 ? (1 << 30) / (double)scenario.Bytes : 1000.0 / scenario.Files);
            var memory = runs.Max(run => run.PeakBytes) / Mib;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {contender.Name} | {wall:0.0} ({runs.Min(run => run.Wall.TotalSeconds):0.0}–{runs.Max(run => run.Wall.TotalSeconds):0.0}) | {speed:N0} | {cpu:0.00} | {memory:0} | {sluice / wall:0.00} |");
        }

        text.AppendLine();
        foreach (var (contender, _) in results) text.AppendLine(CultureInfo.InvariantCulture, $"- {contender.Name}: {contender.Version}");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, $"{scenario.Name}.md"), text.ToString());
        return text.ToString();
    }

    private static double Median(IEnumerable<Measurement> runs, Func<Measurement, double> value)
    {
        var sorted = runs.Select(value).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The machine, in words.</summary>
    public static string Machine()
    {
        var memory = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var gib = long.Parse(memory, CultureInfo.InvariantCulture) >> 20;
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} CPUs, {gib} GiB, Linux {kernel}");
    }

    /// <summary>Load averages.</summary>
    public static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}
