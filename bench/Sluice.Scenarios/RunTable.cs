using System.Globalization;
using System.Text;

namespace Sluice.Scenarios;

/// <summary>What whole programs cost that did the same work, as Markdown: medians and spread of all rounds, each row beside the first, which is Sluice.</summary>
/// <param name="name">Name of the result file.</param>
/// <param name="title">What was measured.</param>
/// <param name="unit">What a run gets done.</param>
internal sealed class RunTable(string name, string title, RunUnit unit)
{
    private const double Mib = 1 << 20;

    private readonly List<(string Name, List<Measurement> Runs)> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>Adds a run to a row.</summary>
    public void Add(string row, Measurement run)
    {
        var known = _rows.Find(known => known.Name == row).Runs;
        if (known is null) _rows.Add((row, known = []));
        known.Add(run);
    }

    /// <summary>Adds a remark beneath the table, once.</summary>
    public void AddNote(string note)
    {
        if (!_notes.Contains(note)) _notes.Add(note);
    }

    /// <summary>Writes it.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="conditions">What else the reader has to know: the target, the disk.</param>
    public void Write(ScenarioContext context, string conditions)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {title}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}; {Machine.Description()}; {conditions}.");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{_rows.Max(row => row.Runs.Count)} round(s), in turn; medians, in brackets the least and the greatest. Load when it ended: {Machine.Load()}.");
        if (context.IsMiniature) text.AppendLine(ResultTable.Miniature);
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| | wall s | {unit.Name}/s | {unit.CpuName} | peak memory MiB | Sluice against it |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var (row, runs) in _rows)
        {
            var wall = Median(runs, run => run.Wall.TotalSeconds);
            var cpu = Median(runs, run => run.Cpu.TotalSeconds) * unit.CpuFactor;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row} | {wall:0.00} ({runs.Min(run => run.Wall.TotalSeconds):0.00}–{runs.Max(run => run.Wall.TotalSeconds):0.00}) | {unit.Count / wall:N0} | {cpu:0.00} | {runs.Max(run => run.PeakBytes) / Mib:0} | {wall / Median(_rows[0].Runs, run => run.Wall.TotalSeconds):0.00} |");
        }

        if (_notes.Count > 0) text.AppendLine();
        foreach (var note in _notes) text.AppendLine(CultureInfo.InvariantCulture, $"- {note}");
        context.Write(name, text.ToString());
    }

    private static double Median(IEnumerable<Measurement> runs, Func<Measurement, double> value)
    {
        var sorted = runs.Select(value).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
