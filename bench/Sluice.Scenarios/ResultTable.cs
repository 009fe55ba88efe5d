using System.Globalization;
using System.Text;

namespace Sluice.Scenarios;

/// <summary>The results of one scenario as Markdown: date, machine and load, a table, remarks beneath it.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Title">What was measured.</param>
/// <param name="Setting">How and on what, one or more sentences.</param>
/// <param name="Columns">Heads of the columns; the first is that of the rows' names.</param>
internal sealed record ResultTable(string Name, string Title, string Setting, IReadOnlyList<string> Columns)
{
    /// <summary>What stands above figures that nobody must quote.</summary>
    public const string Miniature = "A miniature: it proves that everything runs, its figures mean nothing.";

    private readonly List<string> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>Adds a row; an empty cell where there is no figure.</summary>
    public void AddRow(params IReadOnlyList<string> cells)
    {
        if (cells.Count != Columns.Count) throw new ArgumentException($"{cells.Count} cells in a table of {Columns.Count} columns.", nameof(cells));
        _rows.Add(Line(cells));
    }

    /// <summary>Adds a remark.</summary>
    public void AddNote(string note) => _notes.Add(note);

    /// <summary>A figure with so many decimal places.</summary>
    public static string Figure(double value, int places = 0) => value.ToString($"N{places}", CultureInfo.InvariantCulture);

    /// <summary>Writes it.</summary>
    public void Write(ScenarioContext context)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {Title}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}; {Machine.Description()}; {Setting} Load when it ended: {Machine.Load()}.");
        if (context.IsMiniature) text.AppendLine(Miniature);
        text.AppendLine();
        text.AppendLine(Line(Columns));
        text.AppendLine($"|{string.Concat(Columns.Select(_ => "---|"))}");
        foreach (var row in _rows) text.AppendLine(row);
        if (_notes.Count > 0) text.AppendLine();
        foreach (var note in _notes) text.AppendLine(CultureInfo.InvariantCulture, $"- {note}");
        context.Write(Name, text.ToString());
    }

    // An empty first head is written as the other tables have it: "| | wall s |".
    private static string Line(IEnumerable<string> cells) => $"|{string.Concat(cells.Select(cell => cell.Length == 0 ? " |" : $" {cell} |"))}";
}
