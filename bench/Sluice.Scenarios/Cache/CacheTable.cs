using System.Globalization;

namespace Sluice.Scenarios.Cache;

/// <summary>The results of one cache scenario as Markdown: a row for Sluice, a row for each reference of the same run.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Title">What was measured.</param>
/// <param name="Unit">What is counted per second: files, MiB.</param>
internal sealed record CacheTable(string Name, string Title, string Unit)
{
    private readonly List<string> _rows = [];
    private readonly List<string> _notes = [];
    private double _first;

    /// <summary>Adds what Sluice did; first of all.</summary>
    public void AddSluice(string what, double count, TaskFigures figures)
    {
        _first = count / figures.Wall.TotalSeconds;
        var cpu = figures.Cpu.TotalMilliseconds / figures.Entries;
        _rows.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {figures.Wall.TotalSeconds:0.00} | {_first:N0} | {cpu:0.000} | {figures.PeakBytes / (double)(1 << 20):0} | 1.00 |"));
    }

    /// <summary>Adds a reference that took <paramref name="seconds"/>.</summary>
    public void AddReference(string what, double count, double seconds) => _rows.Add(string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {seconds:0.00} | {count / seconds:N0} | | | {_first / (count / seconds):0.00} |"));

    /// <summary>Adds what the same task costs when there is nothing to do.</summary>
    public void AddSecondRun(double count, TaskFigures figures) => _rows.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"| the same again, nothing changed | {figures.Wall.TotalSeconds:0.00} | {count / figures.Wall.TotalSeconds:N0} | {figures.Cpu.TotalMilliseconds / count:0.000} | {figures.PeakBytes / (double)(1 << 20):0} | |"));

    /// <summary>Adds the cost of one access, and how much more that is than <paramref name="bare"/>.</summary>
    public void AddNanoseconds(string what, double nanoseconds, double bare) => _rows.Add(string.Create(
        CultureInfo.InvariantCulture, $"| {what} | | {1e9 / nanoseconds:N0} | | | {nanoseconds / bare:0.00} |"));

    /// <summary>Adds a remark beneath the table.</summary>
    public void AddNote(string note) => _notes.Add(note);

    /// <summary>Writes it.</summary>
    public void Write(ScenarioContext context)
    {
        var text = ResultText.Begin(context, Title, "ext4 in an image, mounted by `sluice mount`", rounds: 1);
        text.AppendLine(CultureInfo.InvariantCulture, $"| | s | {Unit}/s | server CPU ms per entry | server peak MiB | Sluice against it |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var row in _rows) text.AppendLine(row);
        ResultText.End(text, _notes);
        context.Write(Name, text.ToString());
    }
}
