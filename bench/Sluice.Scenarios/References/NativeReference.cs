using System.Globalization;
using Sluice.TestKit;

namespace Sluice.Scenarios.References;

/// <summary>The program of <c>bench/reference</c>: what the bare system calls and the bare requests cost.</summary>
internal static class NativeReference
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(2);

    /// <summary>The one number it prints: seconds, or nanoseconds per file.</summary>
    public static async Task<double> NumberAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var spec = new ProcessSpec(await BuildAsync()) { Arguments = arguments, Timeout = LongestRun };
        return Parse((await ProcessRunner.RunAsync(spec, cancellationToken)).EnsureSuccess().Output);
    }

    /// <summary>Runs it as a contender; its own seconds count, which leave out its start and the reading of what it was given.</summary>
    public static async Task<Measurement> MeasureAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var (cost, output) = await MeasuredProcess.RunWithOutputAsync(new(await BuildAsync()) { Arguments = arguments }, cancellationToken);
        return cost with { Wall = TimeSpan.FromSeconds(Parse(output)) };
    }

    /// <summary>Takes Sluice's records from every entry of a tree, as if it had never been exported.</summary>
    public static Task ForgetAsync(string tree, CancellationToken cancellationToken) => NumberAsync(cancellationToken, "forget", tree);

    private static Task<string> BuildAsync() => NativeProgram.BuildFolderAsync("bench/reference");

    private static double Parse(string output) => double.Parse(output, CultureInfo.InvariantCulture);
}
