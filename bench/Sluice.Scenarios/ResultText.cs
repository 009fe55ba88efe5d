using System.Globalization;
using System.Text;

namespace Sluice.Scenarios;

/// <summary>What every result begins with: what it is, when and where it was measured, how often.</summary>
internal static class ResultText
{
    /// <summary>The lines before the table.</summary>
    /// <param name="context">What was asked for.</param>
    /// <param name="title">What was measured.</param>
    /// <param name="conditions">What else the reader has to know: the server, the disk.</param>
    /// <param name="rounds">How often each row was measured.</param>
    public static StringBuilder Begin(ScenarioContext context, string title, string conditions, int rounds)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {title}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}; {Machine.Description()}; {conditions}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"{rounds} round(s), in turn. Load when it ended: {Machine.Load()}.");
        if (context.IsMiniature) text.AppendLine("A miniature: it proves that everything runs, its figures mean nothing.");
        text.AppendLine();
        return text;
    }

    /// <summary>The lines after the table.</summary>
    public static void End(StringBuilder text, IReadOnlyCollection<string> notes)
    {
        if (notes.Count > 0) text.AppendLine();
        foreach (var note in notes) text.AppendLine(CultureInfo.InvariantCulture, $"- {note}");
    }
}
