namespace Sluice.Core.Ids;

internal static class HexId
{
    /// <summary>Whether <paramref name="text"/> is <paramref name="prefix"/> followed by lower-case hex digits only.</summary>
    public static bool IsValid(ReadOnlySpan<char> text, string prefix, int minDigits, int maxLength) =>
        text.Length <= maxLength
        && text.Length >= prefix.Length + minDigits
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text[prefix.Length..].ContainsAnyExcept("0123456789abcdef");
}
