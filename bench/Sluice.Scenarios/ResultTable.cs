using System.Globalization;

namespace Sluice.Scenarios;

/// <summary>The results of one scenario as a Markdown table with columns of its own.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Title">What was measured.</param>
/// <param name="Setting">On what, in words without a full stop at the end.</param>
/// <param name="Rounds">How often each row was measured.</param>
/// <param name="Columns">Heads of the columns; the first is that of the rows' names.</param>
internal sealed record ResultTable(string Name, string Title, string Setting, int Rounds, IReadOnlyList<string> Columns)
{
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
        var text = ResultText.Begin(context, Title, Setting, Rounds);
        text.AppendLine(Line(Columns));
        text.AppendLine($"|{string.Concat(Columns.Select(_ => "---|"))}");
        foreach (var row in _rows) text.AppendLine(row);
        ResultText.End(text, _notes);
        context.Write(Name, text.ToString());
    }

    // An empty first head is written as the other tables have it: "| | wall s |".
    private static string Line(IEnumerable<string> cells) => $"|{string.Concat(cells.Select(cell => cell.Length == 0 ? " |" : $" {cell} |"))}";
}
