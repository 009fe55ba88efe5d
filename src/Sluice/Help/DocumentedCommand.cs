using System.CommandLine;

namespace Sluice.CommandLine.Help;

/// <summary>A command with more to say than one line. Lists show the summary; its own help shows everything.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">One line.</param>
/// <param name="examples">Whole command lines, at least one.</param>
internal class DocumentedCommand(string name, string summary, IReadOnlyList<string> examples) : Command(name, summary)
{
    /// <summary>Paragraphs after the summary.</summary>
    public string Details { get; set; } = "";

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
