using Sluice.Scenarios.References;
using Sluice.Scenarios.Targets;
using Sluice.Scenarios.Trees;
using Sluice.TestKit;

namespace Sluice.Scenarios.Export;

/// <summary>
/// Export of a tree that was exported before.
/// <code>
/// first export, not measured → nothing changed: again, measured → every hundredth file rewritten: again, measured
/// </code>
/// </summary>
/// <param name="Name">Name on the command line; the results are NAME-nothing and NAME-changed.</param>
/// <param name="TreeOf">The tree for the sizes asked for.</param>
/// <param name="ToNull">Whether the server keeps nothing: then peers, which find out from the bucket what is there, can't take part.</param>
internal sealed record IncrementalScenario(string Name, Func<ScenarioSizes, EvenTree> TreeOf, bool ToNull = false) : IScenario
{
    private const int ChangedEvery = 100;

    private string Nothing => $"{Name}-nothing";

    private string Changed => $"{Name}-changed";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Nothing, Changed];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var tree = TreeOf(context.Sizes);
        await using var source = TempDirectory.Create();
        tree.MakeIn(source.Path);
        var nothing = new RunTable(Nothing, $"Export of {tree.Title} with nothing to do", RunUnit.Entries(tree.Files));
        var changed = new RunTable(Changed, $"Export of {tree.Title}, every {ChangedEvery}th changed", RunUnit.Entries(tree.Files));
        var contenders = ToNull ? [context.Contenders[0]] : context.Contenders;
        await using var target =
            ToNull ? await ScenarioContext.StartNullAsync(cancellationToken) : await context.StartS3Async(tree.StoreBytes * contenders.Count, cancellationToken);
        foreach (var contender in contenders)
        {
            _ = await MeasuredProcess.RunAsync(contender.Copy(source.Path, target), cancellationToken);
            nothing.AddNote($"{contender.Name}: {contender.Version}");
            changed.AddNote($"{contender.Name}: {contender.Version}");
        }

        for (var round = 0; round < context.Rounds; round++)
        {
            await context.SettleAsync(source.Path, cancellationToken);
            await AddAllAsync(nothing);
            Add(nothing, BareWalk.Name, await BareWalk.RunAsync(source.Path, cancellationToken));
            var rewritten = Rewrite(source.Path, tree);
            await context.SettleAsync(source.Path, cancellationToken);
            await AddAllAsync(changed);
            Add(changed, $"{BareWalk.Name}, then raw PUT of what changed", await WalkAndPutAsync(source.Path, rewritten, target, cancellationToken));
        }

        if (ToNull)
        {
            const string Why = "Without peers: they ask the bucket what is there, and this one keeps nothing. Sluice's records are on the files.";
            nothing.AddNote(Why);
            changed.AddNote(Why);
        }

        nothing.Write(context, $"S3 server: {target.Description}");
        changed.Write(context, $"S3 server: {target.Description}");

        async Task AddAllAsync(RunTable table)
        {
            foreach (var contender in contenders)
                Add(table, contender.Name, await MeasuredProcess.RunAsync(contender.Update(source.Path, target), cancellationToken));
        }

        void Add(RunTable table, string row, Measurement run)
        {
            context.Say($"{Name}: {row}: {run}");
            table.Add(row, run);
        }
    }

    /// <summary>Gives every hundredth file another content of the same size; answers their names.</summary>
    private static List<string> Rewrite(string directory, EvenTree tree)
    {
        var file = new RandomFile();
        var names = new List<string>();
        for (var number = 0; number < tree.Files; number += ChangedEvery)
        {
            names.Add(EvenTree.NameOf(number));
            file.Write(Path.Combine(directory, names[^1]), tree.FileBytes);
        }

        return names;
    }

    private static async Task<Measurement> WalkAndPutAsync(string directory, List<string> names, S3Target target, CancellationToken cancellationToken)
    {
        var walk = await BareWalk.RunAsync(directory, cancellationToken);
        return walk.Then(await RawCopy.RunAsync(names.Select(name => (name, new FileInfo(Path.Combine(directory, name)).Length)), target, cancellationToken));
    }
}
