using System.Globalization;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;

namespace Sluice.Benchmarks;

/// <summary>What becomes of measurements.</summary>
internal static class Results
{
    /// <summary>Whether every benchmark ran.</summary>
    public static bool IsSound(Summary summary)
    {
        var isSound = !summary.HasCriticalValidationErrors && summary.Reports.Length > 0 && summary.Reports.All(report => report.Success);
        Console.WriteLine($"{summary.Title}: {summary.Reports.Length} benchmarks, {(isSound ? "all ran" : "not all ran")}");
        foreach (var error in summary.ValidationErrors) Console.Error.WriteLine(error.Message);
        foreach (var line in summary.Reports.SelectMany(report => report.ExecuteResults).SelectMany(result => result.Errors)) Console.Error.WriteLine(line);
        return isSound;
    }

    /// <summary>Writes <c>micro-NAME.md</c> into <paramref name="directory"/>.</summary>
    public static void Write(string directory, string name, Summary summary, DateTimeOffset now)
    {
        Directory.CreateDirectory(directory);
        using var file = new StreamWriter(Path.Combine(directory, $"micro-{name.ToLowerInvariant()}.md"));
        file.Write(string.Create(CultureInfo.InvariantCulture, $"# Micro-benchmark: {name}\n\n{now:yyyy-MM-dd}; the first row of each group is the least it could cost.\n"));
        using var logger = new StreamLogger(file);
        MarkdownExporter.GitHub.ExportToLog(summary, logger);
    }
}
