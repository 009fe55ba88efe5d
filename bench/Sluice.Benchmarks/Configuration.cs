using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Sluice.TestKit;

namespace Sluice.Benchmarks;

/// <summary>How benchmarks run: in this process, because the project that BenchmarkDotNet would make for each has no lock file to restore from.</summary>
internal static class Configuration
{
    /// <summary>Makes one.</summary>
    /// <param name="isMiniature">Each benchmark is called once, unmeasured in any serious sense.</param>
    public static IConfig Make(bool isMiniature)
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob((isMiniature ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(isMiniature ? NullLogger.Instance : ConsoleLogger.Default)
            .WithArtifactsPath(SourceTree.Path("artifacts/benchmarks"));
        return isMiniature ? config.WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.DisableLogFile) : config;
    }
}
