using Sluice.Scenarios.Contenders;
using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios;

/// <summary>What a run of the scenarios was asked for.</summary>
internal sealed class ScenarioContext
{
    /// <summary>The sluice to measure.</summary>
    public required string Program { get; init; }

    /// <summary>Directory of the result files.</summary>
    public required string Output { get; init; }

    /// <summary>How large the scenarios are.</summary>
    public required ScenarioSizes Sizes { get; init; }

    /// <summary>Rounds; whoever is measured takes turns within each.</summary>
    public required int Rounds { get; init; }

    /// <summary>Whether this only proves that everything runs.</summary>
    public required bool IsMiniature { get; init; }

    /// <summary>The programs that copy a tree to a bucket; Sluice is the first.</summary>
    public required IReadOnlyList<Contender> Contenders { get; init; }

    /// <summary>An S3 server with room for so many bytes and a bucket of its own: fresh for each caller or, in a miniature, that of the tests.</summary>
    public async Task<S3Target> StartS3Async(long bytes, CancellationToken cancellationToken) =>
        IsMiniature ? await SharedRgw.CreateAsync(cancellationToken) : await RgwRig.StartAsync(bytes, cancellationToken);

    /// <summary>An S3 server that answers at once and keeps nothing.</summary>
    public static async Task<S3Target> StartNullAsync(CancellationToken cancellationToken) => await NullServer.StartAsync(cancellationToken);

    /// <summary>Has everything written beneath <paramref name="directory"/>'s file system reach the disk, so that the next to be measured does not pay for it.</summary>
    public async Task SettleAsync(string directory, CancellationToken cancellationToken)
    {
        if (!IsMiniature) _ = (await ProcessRunner.RunAsync(new("sync") { Arguments = ["-f", directory], Timeout = TimeSpan.FromMinutes(30) }, cancellationToken)).EnsureSuccess();
    }

    /// <summary>Writes a result file and shows it.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, $"{name}.md"), text);
        Console.WriteLine(text);
    }

    /// <summary>Tells how far it is.</summary>
    public void Say(string progress) => Console.Error.WriteLine(progress);
}
