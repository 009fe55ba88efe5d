using System.Globalization;

namespace Sluice.Scenarios.Export;

/// <summary>Time and memory by the size of the work, as Markdown, with the exponents of growth: 1 is linear, 0 flat.</summary>
/// <param name="name">Name of the result file.</param>
/// <param name="title">What was measured.</param>
internal sealed class GrowthTable(string name, string title)
{
    private const double Mib = 1 << 20;

    private readonly SortedDictionary<int, List<(Measurement Export, Measurement Walk)>> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>Adds a run over so many files, and the bare walk over the same.</summary>
    public void Add(int files, Measurement export, Measurement walk)
    {
        if (!_rows.TryGetValue(files, out var runs)) _rows.Add(files, runs = []);
        runs.Add((export, walk));
    }

    /// <summary>Adds a remark beneath the table.</summary>
    public void AddNote(string note) => _notes.Add(note);

    /// <summary>Writes it.</summary>
    public void Write(ScenarioContext context, string conditions)
    {
        var text = ResultText.Begin(context, title, conditions, _rows.Values.First().Count);
        text.AppendLine("| files | wall s | entries/s | CPU µs per entry | peak memory MiB | bare walk from C s | Sluice against it |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var (files, runs) in _rows)
        {
            var (wall, walk) = (Wall(runs), Statistics.Median(runs, run => run.Walk.Wall.TotalSeconds));
            var cpu = Statistics.Median(runs, run => run.Export.Cpu.TotalMicroseconds) / files;
            text.AppendLine(
                CultureInfo.InvariantCulture, $"| {files:N0} | {wall:0.00} | {files / wall:N0} | {cpu:0.00} | {Peak(runs) / Mib:0} | {walk:0.00} | {walk / wall:0.00} |");
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Fitted exponent of time: {Exponent(_rows, Wall):0.00}; of the last tenfold alone: {Exponent(_rows.TakeLast(2), Wall):0.00}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Fitted exponent of peak memory: {Exponent(_rows, Peak):0.00}; of the last tenfold alone: {Exponent(_rows.TakeLast(2), Peak):0.00}.");
        ResultText.End(text, _notes);
        context.Write(name, text.ToString());
    }

    private static double Wall(List<(Measurement Export, Measurement Walk)> runs) => Statistics.Median(runs, run => run.Export.Wall.TotalSeconds);

    private static double Peak(List<(Measurement Export, Measurement Walk)> runs) => runs.Max(run => run.Export.PeakBytes);

    private static double Exponent<T>(IEnumerable<KeyValuePair<int, T>> rows, Func<T, double> value) =>
        Statistics.Exponent([.. rows.Select(row => ((double)row.Key, value(row.Value)))]);
}
