using System.Buffers;
using System.Text;
using Sluice.Core.Files;

namespace Sluice.Core.Reports;

/// <summary>
/// Rows of REPORT_CSV_20191124: <c>FilePath,FileStatus,ErrorCode</c>, UTF-8, no header, one line feed at the end
/// (FSx for Lustre user guide, "Task completion reports").
/// A field with a quote, comma, CR or LF is quoted and its quotes doubled, as is one with a semicolon or a tab, at which some spreadsheets begin another field. A
/// field that a spreadsheet would take for a formula (first character <c>@ + - =</c>, also in their full width, tab, CR) is first wrapped in literal quotes, as the
/// guide's sample does: <c>@f.txt</c> → <c>"""@f.txt"""</c>.
/// </summary>
public static class ReportRow
{
    private const string Failed = "failed";
    private const string Warned = "succeeded with warning";

    private static readonly SearchValues<char> QuotedCharacters = SearchValues.Create(",;\"\t\r\n");
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("@+-=\t\r\uFF20\uFF0B\uFF0D\uFF1D");

    /// <summary>The row of a failed entry. Bytes of the name that are not UTF-8 appear as U+FFFD.</summary>
    public static string ForFailure(FileFailure failure) =>
        $"{Field(Encoding.UTF8.GetString(failure.Path.Span))},{Failed},{failure.Code}\n";

    /// <summary>The row of an entry that was done, yet with something to know about it.</summary>
    public static string ForWarning(FileFailure warning) =>
        $"{Field(Encoding.UTF8.GetString(warning.Path.Span))},{Warned},{warning.Code}\n";

    /// <summary>Whether a row, given without its first field and the comma behind that, is one of a failed entry.</summary>
    public static bool IsFailure(ReadOnlySpan<byte> rest) => rest.StartsWith("failed,"u8);

    /// <summary>One field, quoted where it has to be.</summary>
    public static string Field(string value)
    {
        var text = value.Length > 0 && FormulaStarts.Contains(value[0]) ? $"\"{value}\"" : value;
        return text.AsSpan().ContainsAny(QuotedCharacters) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
