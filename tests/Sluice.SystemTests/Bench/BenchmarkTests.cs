using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Bench;

/// <summary>The micro-benchmarks, each called once. Their times are not looked at.</summary>
public sealed class BenchmarkTests
{
    [Fact]
    public async Task Every_micro_benchmark_runs()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Require.File(SourceTree.Path($"artifacts/bin/Sluice.Benchmarks/{configuration}/Sluice.Benchmarks"));

        var run = await ProcessRunner.RunAsync(
            new(program) { Arguments = ["--miniature"] }, TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, $"{run.Error}{run.Output}");
        Assert.Contains("all ran", run.Output, StringComparison.Ordinal);
    }
}
