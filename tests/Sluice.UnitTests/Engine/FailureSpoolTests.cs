using System.Text;
using Sluice.Core.Files;
using Sluice.Engine.Reports;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Engine;

/// <summary>Rows of a report that outlive the process.</summary>
public sealed class FailureSpoolTests
{
    private static readonly string[] Names = ["plain", "new\nline", "comma,failed,x", "quote\"", "=failed,", "a,succeeded with warning,b", "\"", ",", ",failed,S3Error\n"];

    [Fact]
    public async Task Warnings_are_told_from_failures_when_rows_are_counted_again()
    {
        await using var temp = TempDirectory.Create();
        using (var spool = FailureSpool.Open(temp["rows"], keep: false))
        {
            foreach (var name in Names) spool.Add(new FileFailure(Encoding.UTF8.GetBytes(name), FailureCode.S3Error, ""));
            foreach (var name in Names) spool.AddWarning(new FileFailure(Encoding.UTF8.GetBytes(name), FailureCode.S3ObjectInUnsupportedTier, ""));
            spool.Add(new FileFailure("last"u8.ToArray(), FailureCode.InternalError, ""));
            Assert.Equal(((2 * Names.Length) + 1, Names.Length + 1), (spool.Rows, spool.FailedRows));
        }

        using var again = FailureSpool.Open(temp["rows"], keep: true);
        Assert.Equal(((2 * Names.Length) + 1, Names.Length + 1), (again.Rows, again.FailedRows));
    }

    [Fact]
    public async Task A_row_outlives_the_process_as_soon_as_it_is_added()
    {
        await using var temp = TempDirectory.Create();
        using var spool = FailureSpool.Open(temp["rows"], keep: false);
        spool.Add(new FileFailure("a"u8.ToArray(), FailureCode.S3Error, ""));

        // What a process that is killed leaves is what somebody else can read.
        using var left = new FileStream(temp["rows"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(left);
        Assert.Equal("a,failed,S3Error\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_torn_last_row_is_cut_off()
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["rows"], "a,failed,S3Error\nb,succeeded with warning,S3ObjectInUnsupportedTier\n\"c\nd,fail", TestContext.Current.CancellationToken);
        using (var spool = FailureSpool.Open(temp["rows"], keep: true))
        {
            Assert.Equal((2, 1), (spool.Rows, spool.FailedRows));
            spool.Add(new FileFailure("e"u8.ToArray(), FailureCode.S3Error, ""));
        }

        Assert.EndsWith("UnsupportedTier\ne,failed,S3Error\n", await File.ReadAllTextAsync(temp["rows"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
