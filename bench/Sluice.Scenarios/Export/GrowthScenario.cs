using Sluice.Scenarios.References;
using Sluice.Scenarios.Trees;
using Sluice.TestKit;

namespace Sluice.Scenarios.Export;

/// <summary>
/// Time and memory of an export with nothing to do while the tree grows tenfold and tenfold again.
/// <code>
/// 10,000 files → a real first export writes the records → again, measured → 100,000 files → …
/// </code>
/// The files are empty: nothing reads them here, and ten million of them fit on a disk.
/// </summary>
internal sealed record GrowthScenario : IScenario
{
    private const int Tenfold = 10;
    private const int LeastFiles = 10_000;

    /// <inheritdoc/>
    public string Name => "export-growth";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using var source = TempDirectory.Create();
        await using var target = await ScenarioContext.StartNullAsync(cancellationToken);
        var sluice = context.Contenders[0];
        var table = new GrowthTable(Name, "Export with nothing to do, of a growing tree");
        var before = 0;
        foreach (var files in Steps(context.Sizes.GrowTo))
        {
            new EvenTree(files, FileBytes: 0).MakeIn(source.Path, before);
            before = files;
            _ = await MeasuredProcess.RunAsync(sluice.Copy(source.Path, target), cancellationToken);
            await context.SettleAsync(source.Path, cancellationToken);
            for (var round = 0; round < context.Rounds; round++)
            {
                var export = await MeasuredProcess.RunAsync(sluice.Update(source.Path, target), cancellationToken);
                var walk = await BareWalk.RunAsync(source.Path, cancellationToken);
                context.Say($"{Name}: {files}: {export}, {walk}");
                table.Add(files, export, walk);
            }
        }

        table.AddNote($"{sluice.Name}: {sluice.Version}");
        table.Write(context, $"empty files; first exported to {target.Description}");
    }

    /// <summary>Sizes of the tree, the last as asked for.</summary>
    internal static IEnumerable<int> Steps(int last)
    {
        var steps = new Stack<int>();
        for (var files = last; files >= LeastFiles; files /= Tenfold) steps.Push(files);
        if (steps.Count < 2) steps = new Stack<int>([last, last / Tenfold]);
        return steps;
    }
}
