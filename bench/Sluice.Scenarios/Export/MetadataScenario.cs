using Sluice.Scenarios.References;
using Sluice.Scenarios.Targets;
using Sluice.Scenarios.Trees;
using Sluice.TestKit;

namespace Sluice.Scenarios.Export;

/// <summary>Export of a tree that was exported before and of which every file has got another mode since: no data is sent, the server copies.</summary>
internal sealed record MetadataScenario : IScenario
{
    private const int InFlight = 32;
    private const string Reference = "raw HEAD and COPY of each file, C, 32 connections";

    // By turns, so that every round finds another mode.
    private static readonly UnixFileMode[] Modes =
    [
        UnixFileMode.UserRead | UnixFileMode.UserWrite,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
    ];

    /// <inheritdoc/>
    public string Name => "export-metadata";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var tree = new EvenTree(context.Sizes.Files, 4096);
        await using var source = TempDirectory.Create();
        tree.MakeIn(source.Path);
        var sluice = context.Contenders[0];
        await using var target = await context.StartS3Async(2 * tree.StoreBytes, cancellationToken);
        _ = await MeasuredProcess.RunAsync(sluice.Copy(source.Path, target), cancellationToken);
        var table = new RunTable(Name, $"Export of {tree.Title} that have got another mode", tree.Unit);
        for (var round = 0; round < context.Rounds; round++)
        {
            foreach (var (name, _) in FileTree.FilesIn(source.Path)) File.SetUnixFileMode(Path.Combine(source.Path, name), Modes[round % Modes.Length]);
            await context.SettleAsync(source.Path, cancellationToken);
            table.Add(sluice.Name, await MeasuredProcess.RunAsync(sluice.Update(source.Path, target), cancellationToken));
            table.Add(Reference, await HeadAndCopyAsync(source.Path, target, cancellationToken));
        }

        table.AddNote($"{sluice.Name}: {sluice.Version}");
        table.AddNote("Without peers: none of them notices that a mode has changed.");
        table.Write(context, $"S3 server: {target.Description}");
    }

    /// <summary>Does to copies of the objects what Sluice did to the objects; those remain as it left them.</summary>
    private static async Task<Measurement> HeadAndCopyAsync(string source, S3Target target, CancellationToken cancellationToken)
    {
        _ = await RawCopy.RunAsync(FileTree.FilesIn(source), target, cancellationToken);
        using var requests = new RawRequests(target);
        foreach (var (name, _) in FileTree.FilesIn(source))
        {
            requests.AddHead(RawCopy.KeyOf(name));
            requests.AddCopy(RawCopy.KeyOf(name));
        }

        return await requests.RunAsync(InFlight, cancellationToken);
    }
}
