using System.Globalization;

namespace Sluice.Scenarios;

/// <summary>What whole programs cost that did the same work, as Markdown: medians and spread of all rounds. The first row is Sluice; the last
/// column is its speed divided by that of the row.</summary>
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
        var text = ResultText.Begin(context, title, conditions, _rows.Max(row => row.Runs.Count));
        text.AppendLine(CultureInfo.InvariantCulture, $"| | wall s, median (least–greatest) | {unit.Name}/s | {unit.CpuName} | peak memory MiB | Sluice against it |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var (row, runs) in _rows)
        {
            var wall = Wall(runs);
            var (least, greatest) = (runs.Min(run => run.Wall.TotalSeconds), runs.Max(run => run.Wall.TotalSeconds));
            var cpu = Statistics.Median(runs, run => run.Cpu.TotalSeconds) * unit.CpuFactor;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row} | {wall:0.00} ({least:0.00}–{greatest:0.00}) | {unit.Count / wall:N0} | {cpu:0.00} | {runs.Max(run => run.PeakBytes) / Mib:0} | {wall / Wall(_rows[0].Runs):0.00} |");
        }

        ResultText.End(text, _notes);
        context.Write(name, text.ToString());
    }

    private static double Wall(List<Measurement> runs) => Statistics.Median(runs, run => run.Wall.TotalSeconds);
}
