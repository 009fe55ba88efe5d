using System.Text.Json;
using Sluice.Repositories.Directory;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice export</c> into a directory.</summary>
public sealed class ExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_sends_only_the_rest()
    {
        await using var temp = Make(new TreeBuilder().Text("src/a", "a").Text("src/dir/b", "bb"));

        var first = await ExportAsync(temp);
        var second = await ExportAsync(temp);
        await File.WriteAllTextAsync(temp["src/dir/c"], "ccc", Cancel);
        var third = await ExportAsync(temp);

        Assert.StartsWith("SUCCEEDED: 3 files exported, 0 failed, ", first.Output, StringComparison.Ordinal);
        Assert.StartsWith("SUCCEEDED: 0 files exported, 0 failed, 0 B", second.Output, StringComparison.Ordinal);
        Assert.StartsWith("SUCCEEDED: 1 file exported, 0 failed, 3 B", third.Output, StringComparison.Ordinal);
        Assert.Equal([0, 0, 0], [first.ExitCode, second.ExitCode, third.ExitCode]);
        Assert.Equal("ccc", await File.ReadAllTextAsync(temp["state/buckets/bucket/objects/dir/c"], Cancel));
    }

    [Fact]
    public async Task Failed_files_are_listed_in_a_file_that_is_named_and_goes_when_nothing_fails()
    {
        var toolong = $"{string.Join('/', Enumerable.Repeat(new string('d', 195), 5))}/{new string('n', 60)}";
        await using var temp = Make(new TreeBuilder().Text("src/a", "a").Text($"src/{toolong}", "x"));

        var first = await ExportAsync(temp);

        Assert.Equal(1, first.ExitCode);
        Assert.StartsWith("FAILED: 6 files exported, 1 failed", first.Output, StringComparison.Ordinal);
        var list = Directory.GetFiles(temp["state/exports"], "failures.csv", SearchOption.AllDirectories).Single();
        Assert.Contains($"The failed files are listed in {list}\n", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("completion report", first.Error, StringComparison.Ordinal);
        Assert.Equal($"{toolong},failed,PathSizeTooLong\n", await File.ReadAllTextAsync(list, Cancel));

        Directory.Delete(temp["src/" + toolong.Split('/')[0]], recursive: true);
        var second = await ExportAsync(temp);

        Assert.Equal(0, second.ExitCode);
        Assert.False(File.Exists(list));
        Assert.Empty(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(list)!, "tasks")));
    }

    [Fact]
    public async Task Json_tells_all_of_it()
    {
        await using var temp = Make(new TreeBuilder().Text("src/a", "12345"));

        var result = await ExportAsync(temp, "--json");

        using var json = JsonDocument.Parse(result.EnsureSuccess().Output);
        Assert.Equal("SUCCEEDED", json.RootElement.GetProperty("Lifecycle").GetString());
        Assert.Equal(temp["src"], json.RootElement.GetProperty("Source").GetString());
        Assert.Equal("s3://bucket/", json.RootElement.GetProperty("Target").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("SucceededCount").GetInt64());
        Assert.Equal(5, json.RootElement.GetProperty("SucceededBytes").GetInt64());
        Assert.False(json.RootElement.TryGetProperty("FailuresFile", out _));
    }

    [Theory]
    [InlineData("src", "bucket", "'bucket' is not valid; expected s3://bucket")]
    [InlineData("src", "s3://UPPER", "'s3://UPPER' is not valid")]
    [InlineData("src/a", "s3://bucket", "/src/a' is a file; expected a directory")]
    [InlineData("missing", "s3://bucket", "/missing' does not exist")]
    [InlineData("src", "s3://other-bucket", "There is no bucket 'other-bucket': no S3 endpoint is set")]
    [InlineData(".", "s3://bucket", "which lies in the source")]
    public async Task What_can_not_be_exported_is_told(string source, string target, string message)
    {
        await using var temp = Make(new TreeBuilder().Text("src/a", "a"));

        var result = await Cli.RunAsync("export", Path.Combine(temp.Path, source), target, "--state", temp["state"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket/a b", "a b/a")]
    [InlineData("s3://bucket/ü/%20+&=/", "ü/%20+&=/a")]
    [InlineData("s3://bucket/../x", "../x/a")]
    public async Task A_prefix_may_be_odd(string target, string expected)
    {
        await using var temp = Make(new TreeBuilder().Text("src/a", "a"));

        (await Cli.RunAsync("export", temp["src"], target, "--state", temp["state"])).EnsureSuccess();

        var bucket = new DirectoryRepository(temp["state/buckets/bucket"], TimeProvider.System);
        Assert.Equal([expected[..^1], expected], await bucket.ListAsync("", startAfter: null, Cancel).Select(item => item.Key).ToListAsync(Cancel));
    }

    [Fact]
    public async Task All_names_of_a_source_are_one_export()
    {
        await using var temp = Make(new TreeBuilder().Text("src/a", "a").Symlink("alias", "src"));

        (await ExportAsync(temp)).EnsureSuccess();
        (await Cli.RunAsync("export", temp["alias"] + "/", "s3://bucket/", "--state", temp["state"])).EnsureSuccess();

        Assert.Single(Directory.GetDirectories(temp["state/exports"]));
    }

    [Fact]
    public async Task A_state_that_can_not_be_written_is_told()
    {
        await using var temp = Make(new TreeBuilder().Text("src/a", "a"));

        var result = await Cli.RunAsync("export", temp["src"], "s3://bucket", "--state", "/proc/sluice-state");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("/proc/sluice-state", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_source_is_told()
    {
        Require.Root();
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("src/a", "a").Directory("state/buckets/bucket"));
        File.SetUnixFileMode(temp["src"], UnixFileMode.None);
        File.SetUnixFileMode(temp.Path, (UnixFileMode)0x1FF);
        foreach (var directory in Directory.GetDirectories(temp["state"], "*", SearchOption.AllDirectories).Append(temp["state"]))
            File.SetUnixFileMode(directory, (UnixFileMode)0x1FF);

        var result = await ProcessRunner.RunAsync(
            new(Require.Tool("setpriv"))
            {
                Arguments = ["--reuid=65534", "--clear-groups", "dotnet", Require.File(SourceTree.Program), "export", temp["src"], "s3://bucket", "--state", temp["state"]],
                Environment = new Dictionary<string, string?>(Cli.Bare) { ["HOME"] = temp.Path, ["DOTNET_EnableDiagnostics"] = "0" },
            },
            Cancel);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Permission denied", result.Error, StringComparison.Ordinal);
    }

    private static TempDirectory Make(TreeBuilder tree) => TempDirectory.Create().With(tree.Directory("state/buckets/bucket"));

    private static Task<ProcessResult> ExportAsync(TempDirectory temp, params string[] more) =>
        Cli.RunAsync(["export", temp["src"], "s3://bucket", "--state", temp["state"], .. more]);
}
