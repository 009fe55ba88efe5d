using System.Globalization;
using System.Text;

namespace Sluice.Protocol.Constraints;

/// <summary>
/// The characters of tag keys and values: <c>[\p{L}\p{Z}\p{N}_.:/=+\-@]</c>, on whole characters, because .NET's
/// patterns see the letters beyond U+FFFF as two things that are not letters.
/// </summary>
internal static class TagText
{
    public static bool IsAllowed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsAllowed(rune))
                return false;
        }

        return true;
    }

    private static bool IsAllowed(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => true,
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => true,
        _ => rune.IsAscii && "_.:/=+-@".Contains((char)rune.Value, StringComparison.Ordinal),
    };
}
