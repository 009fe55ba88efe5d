using System.Text;
using CsCheck;
using Sluice.Core.Files;
using Sluice.Core.Reports;
using Xunit;

namespace Sluice.UnitTests.Core;

public sealed class ReportRowTests
{
    [Theory]
    [InlineData("dir1/file", "dir1/file")]
    [InlineData("file,name.txt", "\"file,name.txt\"")]
    [InlineData("file\"name.txt", "\"file\"\"name.txt\"")]
    [InlineData("@filename.txt", "\"\"\"@filename.txt\"\"\"")]
    [InlineData("x;=cmd", "\"x;=cmd\"")]
    [InlineData("x\t=cmd", "\"x\t=cmd\"")]
    [InlineData("\r=cmd", "\"\"\"\r=cmd\"\"\"")]
    [InlineData("\uFF1Dcmd", "\"\"\"\uFF1Dcmd\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void Fields_are_quoted_as_the_guide_shows(string value, string expected) => Assert.Equal(expected, ReportRow.Field(value));

    [Fact]
    public void A_row_of_any_name_is_one_record_of_three_fields() =>
        Gen.String[Gen.Char["ab,\"\r\n@=+-\t é"], 1, 20].Sample(name =>
        {
            var row = ReportRow.ForFailure(new FileFailure(Encoding.UTF8.GetBytes(name), FailureCode.ResourceBusy, "detail"));
            Assert.EndsWith("\n", row, StringComparison.Ordinal);
            var fields = Parse(row[..^1]);
            var isFormula = "@+-=\t\r".Contains(name[0], StringComparison.Ordinal);
            Assert.Equal([isFormula ? $"\"{name}\"" : name, "failed", "ResourceBusy"], fields);
        });

    /// <summary>RFC 4180, one record.</summary>
    private static List<string> Parse(string record)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < record.Length; i++)
        {
            var isQuote = record[i] == '"';
            if (isQuote && isQuoted && i + 1 < record.Length && record[i + 1] == '"') field.Append(record[i++]);
            else if (isQuote) isQuoted = !isQuoted;
            else if (record[i] == ',' && !isQuoted) (_, field) = (Add(), new());
            else field.Append(record[i]);
        }

        Add();
        return fields;

        bool Add()
        {
            fields.Add(field.ToString());
            return true;
        }
    }
}
