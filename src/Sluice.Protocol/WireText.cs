using System.Text;

namespace Sluice.Protocol;

/// <summary>Lengths of texts as Smithy counts them: in Unicode characters, not in UTF-16 units.</summary>
internal static class WireText
{
    private const string Ellipsis = "...";

    public static int Length(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>The text itself when it has at most so many characters; else its beginning and three dots, that long together.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength || Length(text) <= maxLength)
            return text;
        var cut = new StringBuilder();
        var left = maxLength - Ellipsis.Length;
        foreach (var rune in text.EnumerateRunes())
        {
            if (left-- == 0)
                break;
            cut.Append(rune.ToString());
        }

        return cut.Append(Ellipsis).ToString();
    }
}
