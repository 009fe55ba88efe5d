using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Bench;

/// <summary>The benchmarks, tiny: what they measure means nothing then, but they run. Their times are not looked at.</summary>
public sealed class MiniatureTests
{
    /// <summary>Rows that the results of first exports have, by how they begin.</summary>
    private static readonly string[] Copies = ["sluice export", "rclone copy", "aws s3 sync", "raw PUT", "cp -a"];

    [Fact]
    public async Task Every_scenario_runs_and_writes_its_results()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        foreach (var tool in new[] { "rclone", Require.Aws, "/usr/sbin/nginx", "gcc" }) _ = Require.Tool(tool);
        _ = await RgwServer.GetAsync();
        await using var output = TempDirectory.Create();
        var results = await ResultsAsync(cancellationToken);

        var run = await RunAsync(
            cancellationToken, "--miniature", "--output", output.Path, "--program", Require.File(Path.ChangeExtension(SourceTree.Program, null)));

        Assert.True(run.ExitCode == 0, $"{run.Error}{run.Output}");
        Assert.Equal(results.Order(), Directory.GetFiles(output.Path).Select(Path.GetFileNameWithoutExtension).Order());
        Assert.All(results, name => CheckTable(File.ReadAllLines(output[$"{name}.md"])));
        foreach (var name in new[] { "export-small-files", "export-medium-files", "export-large-file", "export-mixed-files", "export-null-server" })
        {
            var text = await File.ReadAllTextAsync(output[$"{name}.md"], cancellationToken);
            Assert.All(Copies, row => Assert.Contains($"\n| {row}", text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_scenario_that_does_not_exist_is_refused_by_name()
    {
        var run = await RunAsync(TestContext.Current.CancellationToken, "--only", "export-nothing-of-the-kind");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("export-nothing-of-the-kind", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A title, what was measured where, and a table: each row with a cell for each column.</summary>
    private static void CheckTable(string[] lines)
    {
        Assert.StartsWith("# ", lines[0], StringComparison.Ordinal);
        var table = lines.Where(line => line.StartsWith('|')).ToList();
        Assert.True(table.Count >= 4, $"{lines[0]}: less than two rows");
        Assert.All(table, row => Assert.Equal(table[0].Count(c => c == '|'), row.Count(c => c == '|')));
    }

    /// <summary>Names of all result files, as the program lists them.</summary>
    private static async Task<IReadOnlyList<string>> ResultsAsync(CancellationToken cancellationToken)
    {
        var list = (await RunAsync(cancellationToken, "--list")).EnsureSuccess();
        return [.. list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..].Split(' '))];
    }

    private static Task<ProcessResult> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Require.File(SourceTree.Path($"artifacts/bin/Sluice.Scenarios/{configuration}/Sluice.Scenarios"));
        return ProcessRunner.RunAsync(new(program) { Arguments = arguments }, cancellationToken);
    }
}
