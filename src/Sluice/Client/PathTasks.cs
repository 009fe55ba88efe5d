using Sluice.CommandLine.Output;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Client;

/// <summary>
/// Does something to local paths by tasks: one for each file system, of at most as many paths as a task may have, one after another.
/// <code>
/// ResolvePaths → per file system: create the task → follow it to its end; after a signal no other begins
/// </code>
/// </summary>
/// <param name="context">Where to print.</param>
/// <param name="server">The server.</param>
/// <param name="done">What is done to a file, for the summary: 'released', 'restored'.</param>
/// <param name="create">Starts the task of one file system.</param>
internal sealed class PathTasks(CommandContext context, ServerClient server, string done, PathTasks.Create create)
{
    private const int MaxPaths = 100;

    /// <summary>Starts a task.</summary>
    public delegate Task<DataRepositoryTask> Create(string fileSystemId, IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>Runs the tasks to their ends.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IEnumerable<string> paths, bool json, CancellationToken cancellationToken)
    {
        using var interruption = new Interruption();
        var resolved = await ResolveAsync([.. paths.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)], cancellationToken);
        var ended = new List<DataRepositoryTask>();
        var started = new StartedTask(context, server, interruption);
        foreach (var (fileSystemId, some) in resolved.GroupBy(item => item.FileSystemId!).SelectMany(group => group.Chunk(MaxPaths).Select(some => (group.Key, some))))
        {
            if (interruption.First.IsCancellationRequested) break;
            var task = await create(fileSystemId, [.. some.Select(item => item.FileSystemPath!)], cancellationToken);
            if (await started.FollowAsync(task.TaskId!, cancellationToken) is not { } end) return ExitCodes.Interrupted;
            ended.Add(end);
            if (!json) Print(end);
        }

        if (json) Printer.Json(context, new() { DataRepositoryTasks = ended }, FsxJsonContext.Default.DescribeDataRepositoryTasksResponse);
        return ExitCodeOf(ended, interruption.First.IsCancellationRequested);
    }

    private async Task<List<ResolvedPath>> ResolveAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var resolved = new List<ResolvedPath>();
        foreach (var some in paths.Chunk(MaxPaths))
        {
            var answer = await server.SendAsync(SluiceOperations.ResolvePaths, new ResolvePathsRequest { Paths = some }, cancellationToken);
            resolved.AddRange(answer.Paths!);
        }

        return resolved;
    }

    private void Print(DataRepositoryTask task)
    {
        var failed = task.Status?.FailedCount ?? 0;
        context.Out.WriteLine($"{task.Lifecycle}: {Format.Files(task.Status?.SucceededCount ?? 0)} {done}, {Format.Count(failed)} failed ({task.TaskId}, {task.FileSystemId})");
        if (task.Lifecycle != "FAILED") return;

        // Its message points to a report, which these tasks don't have.
        if (failed == 0) context.Error.WriteLine($"sluice: {Format.Name(task.FailureDetails?.Message ?? "")}");
        else context.Error.WriteLine($"sluice: 'sluice file state PATH…' shows which files are not {done}; the server's log tells why, of the first of them.");
    }

    private static int ExitCodeOf(IReadOnlyList<DataRepositoryTask> ended, bool isInterrupted) => ended switch
    {
        _ when ended.Any(task => task.Lifecycle == "FAILED") => ExitCodes.Failed,
        _ when isInterrupted || ended.Any(task => task.Lifecycle == "CANCELED") => ExitCodes.Canceled,
        _ => ExitCodes.Success,
    };
}
