using Sluice.Scenarios.Contenders;
using Sluice.Scenarios.References;
using Sluice.Scenarios.Targets;
using Sluice.Scenarios.Trees;
using Sluice.TestKit;

namespace Sluice.Scenarios.Export;

/// <summary>First export of a tree into an empty bucket: by Sluice, by its peers, by bare requests; and the tree copied to the same disk.</summary>
/// <param name="Name">Name on the command line and of the result.</param>
/// <param name="TreeOf">The tree for the sizes asked for.</param>
/// <param name="ToNull">Whether the server keeps nothing.</param>
internal sealed record CopyScenario(string Name, Func<ScenarioSizes, FileTree> TreeOf, bool ToNull = false) : IScenario
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var tree = TreeOf(context.Sizes);
        await using var source = TempDirectory.Create();
        tree.MakeIn(source.Path);
        await context.SettleAsync(source.Path, cancellationToken);
        var table = new RunTable(Name, $"Export of {tree.Title}{(ToNull ? " to a server that keeps nothing" : "")}", tree.Unit);
        var description = "";
        for (var round = 0; round < context.Rounds; round++)
        {
            foreach (var contender in context.Contenders)
            {
                await using var target = await StartAsync(context, tree, cancellationToken);
                description = target.Description;
                Add(contender.Name, await MeasuredProcess.RunAsync(contender.Copy(source.Path, target), cancellationToken));
                AddNotes(table, contender, target);
                // What Sluice wrote on the files must not make them dearer to read for the next, nor known to itself in the next round.
                if (contender is SluiceContender) await NativeReference.ForgetAsync(source.Path, cancellationToken);
            }

            await using (var target = await StartAsync(context, tree, cancellationToken))
                Add(RawCopy.NameFor(tree), await RawCopy.RunAsync(source.Path, tree, target, cancellationToken));
            if (tree.Files > 1)
            {
                await using var target = await StartAsync(context, tree, cancellationToken);
                Add(RawCopy.NameWithMetadata, await RawCopy.RunWithMetadataAsync(source.Path, target, cancellationToken));
            }

            Add(CopyTree.Name, await CopyTree.RunAsync(source.Path, cancellationToken));
        }

        table.Write(context, $"S3 server: {description}");

        void Add(string row, Measurement run)
        {
            context.Say($"{Name}: {row}: {run}");
            table.Add(row, run);
        }
    }

    private Task<S3Target> StartAsync(ScenarioContext context, FileTree tree, CancellationToken cancellationToken) =>
        ToNull ? ScenarioContext.StartNullAsync(cancellationToken) : context.StartS3Async(tree.StoreBytes, cancellationToken);

    private static void AddNotes(RunTable table, Contender contender, S3Target target)
    {
        table.AddNote($"{contender.Name}: {contender.Version}");
        if (contender.NoteFor(target) is { } note) table.AddNote(note);
    }
}
