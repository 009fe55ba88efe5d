using System.Globalization;
using System.Text;

namespace Sluice.CommandLine.Output;

/// <summary>Numbers, times and names for people.</summary>
internal static class Format
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Bytes(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++) bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {Units[unit]}");
    }

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>'1 file', '2 files'.</summary>
    public static string Files(long count) => count == 1 ? "1 file" : $"{Count(count)} files";

    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    public static string Span(TimeSpan span) =>
        span.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");

    /// <summary>A name, or a message with names in it, on one line and harmless to a terminal: control characters as <c>ls -b</c> shows them, what would change the
    /// order or the lines of the text as <c>\uNNNN</c>. Exact names are in JSON.</summary>
    public static string Name(string name)
    {
        if (!name.Any(IsHarmful)) return name;
        var text = new StringBuilder();
        foreach (var c in name)
        {
            _ = c switch
            {
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\\' => text.Append("\\\\"),
                _ when IsReordering(c) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ when char.IsControl(c) => text.Append('\\').Append(Convert.ToString(c, 8).PadLeft(3, '0')),
                _ => text.Append(c),
            };
        }

        return text.ToString();
    }

    private static bool IsHarmful(char c) => char.IsControl(c) || IsReordering(c);

    // Line and paragraph separators; marks, embeddings, overrides and isolates of writing direction.
    private static bool IsReordering(char c) => c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
