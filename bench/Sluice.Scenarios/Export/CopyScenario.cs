using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Export;

/// <summary>First export of a tree into an empty bucket, by Sluice and by its peers.</summary>
/// <param name="Name">Name on the command line and of the result.</param>
/// <param name="TreeOf">The tree for the sizes asked for.</param>
internal sealed record CopyScenario(string Name, Func<ScenarioSizes, FileTree> TreeOf) : IScenario
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var tree = TreeOf(context.Sizes);
        await using var directory = TempDirectory.Create();
        tree.MakeIn(directory.Path);
        await context.SettleAsync(directory.Path, cancellationToken);
        var table = new RunTable(Name, $"Export of {tree.Title}", tree.Files == 1 ? RunUnit.Bytes(tree.Bytes) : RunUnit.Files(tree.Files));
        var description = "";
        for (var round = 0; round < context.Rounds; round++)
        {
            foreach (var contender in context.Contenders)
            {
                await using var target = await context.StartS3Async(tree.StoreBytes, cancellationToken);
                description = target.Description;
                var run = await MeasuredProcess.RunAsync(contender.Copy(directory.Path, target), cancellationToken);
                context.Say($"{Name}: {contender.Name}: {run}");
                table.Add(contender.Name, run);
                table.AddNote($"{contender.Name}: {contender.Version}");
                if (contender.NoteFor(target) is { } note) table.AddNote(note);
            }
        }

        table.Write(context, $"S3 server: {description}");
    }
}
