using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice demo</c>.</summary>
public sealed class DemoTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_its_story_without_a_terminal_and_says_where_everything_is()
    {
        await using var temp = TempDirectory.Create();

        var result = await Cli.RunProgramAsync(Cli.Bare, Cancel, "demo", "--dir", temp["demo"]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
        Assert.Contains("CancelDataRepositoryTask answers CANCELING", result.Output, StringComparison.Ordinal);
        Assert.Contains(",failed,PathSizeTooLong", result.Output, StringComparison.Ordinal);
        Assert.Contains("(0x00000009) exists archived", result.Output, StringComparison.Ordinal);

        // Where the temporary directory can't be guarded, or without root, it says so and goes on.
        Assert.Matches("( files: all right, after |   Not here: )", result.Output);
        Assert.Null(GuardedDisk.HolderOf(temp["demo/data"]));
        Assert.Contains($"remove it  rm -r {temp["demo"]}", result.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(temp["demo/data/buckets/demo-bucket/objects/project/models"]));
        Assert.False(File.Exists(temp["demo/data/endpoint"]));

        var again = await Cli.RunAsync("demo", "--dir", temp["demo"]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("is not an empty directory", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_its_progress_is_live_and_its_colours_can_be_switched_off()
    {
        await using var temp = TempDirectory.Create();

        // TMPDIR: where the demo makes a directory of its own each time.
        var variables = new Dictionary<string, string?> { ["TMPDIR"] = temp.Path };
        var result = (await ProcessRunner.RunAsync(Cli.OnTerminal(variables, "demo", "--files", "1500"), Cancel)).EnsureSuccess();
        var plain = (await ProcessRunner.RunAsync(
            Cli.OnTerminal(new Dictionary<string, string?>(variables) { ["NO_COLOR"] = "1" }, "demo", "--files", "1500"), Cancel)).EnsureSuccess();

        Assert.Contains("\u001b[K\u001b[?7l\u001b[36mEXECUTING\u001b[0m [#", result.Output, StringComparison.Ordinal);
        Assert.Contains("\u001b[K\u001b[?7lEXECUTING [#", plain.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetDirectories(temp.Path, "sluice-demo-*").Length);
    }

    [Fact]
    public async Task What_keeps_it_from_running_is_an_exit_code()
    {
        Assert.Equal(2, (await Cli.RunAsync("demo", "--files", "1")).ExitCode);
        Assert.Equal(3, (await Cli.RunAsync("demo", "--dir", "/proc/sluice-demo")).ExitCode);
    }
}
