using System.Text;
using Sluice.Protocol.Shapes;
using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>What is to be done again and again with a process dying in its midst: a task of one type over one tree.</summary>
/// <param name="lane">Where.</param>
/// <param name="tree">The tree.</param>
internal abstract class CrashCourse(CrashLane lane, TreeBuilder tree)
{
    public CrashLane Lane => lane;

    /// <summary>The type of its task.</summary>
    public abstract string Type { get; }

    protected TreeBuilder Tree => tree;

    /// <summary>Paths of its task.</summary>
    protected virtual string TaskPath => "t";

    /// <summary>A course for a type of tasks.</summary>
    public static CrashCourse Of(string type, CrashLane lane, TreeBuilder tree) => type switch
    {
        TaskTypes.Export => new ExportCourse(lane, tree),
        TaskTypes.Import => new ImportCourse(lane, tree),
        TaskTypes.Release => new ReleaseCourse(lane, tree),
        TaskTypes.Restore => new RestoreCourse(lane, tree),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Makes everything as it is before the task, whatever an earlier run left.</summary>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Makes the task; with the same token again, it is the same task.</summary>
    public Task<string> BeginAsync(string token, CancellationToken cancellationToken) =>
        lane.Client.CreateAsync(Type, [TaskPath], lane.ReportPath, cancellationToken, token);

    /// <summary>A key of the request by which an entry's work is done; an entry that was done is not asked for again by one.</summary>
    public abstract bool IsWork(ProxyRequest request);

    /// <summary>Whether such a request is held, and those after it, while the task is canceled.</summary>
    /// <param name="request">The request.</param>
    /// <param name="number">How many there have been, this one among them.</param>
    public virtual bool IsHeld(ProxyRequest request, int number) => number >= 20;

    /// <summary>Whether a request for many entries at once is refused, so that each is asked about by itself, and the task can be held in its midst.</summary>
    public virtual bool IsOfMany(ProxyRequest request) => false;

    /// <summary>All that a run left, a line for each fact, told so that it is the same for every run.</summary>
    public async Task<IReadOnlyList<string>> FactsAsync(DataRepositoryTask ended, CancellationToken cancellationToken)
    {
        await lane.SettleAsync(cancellationToken);
        List<string> facts =
        [
            $"task {ended.Lifecycle}: {ended.Status?.TotalCount} in all, {ended.Status?.SucceededCount} succeeded, {ended.Status?.FailedCount} failed, "
                + $"{ended.Status?.ReleasedCapacity} GiB released; {ended.FailureDetails?.Message}; {(ended.EndTime is null ? "no end" : "an end")}",
            .. EntryFacts.Of(lane.Folder, ended.TaskId!).Select(pair => $"entry {pair.Key}: {pair.Value}"),
            .. (await lane.Bucket.PendingUploadsAsync(cancellationToken)).Select(upload => $"upload of {upload.Key}"),
            .. lane.DataFiles().Select(path => $"data file {path}"),
            .. await ReportAsync(ended, cancellationToken),
            .. await ObjectsAsync(cancellationToken),
        ];
        return [.. facts.Order(StringComparer.Ordinal)];
    }

    /// <summary>The objects, with metadata where the task may have written it.</summary>
    protected virtual async Task<IReadOnlyList<string>> ObjectsAsync(CancellationToken cancellationToken) =>
        [.. (await lane.Bucket.KeysAsync(cancellationToken)).Where(key => !key.StartsWith(CrashLane.ReportPrefix, StringComparison.Ordinal)).Select(key => $"object {key}")];

    /// <summary>Makes the tree and has it exported.</summary>
    protected async Task ExportAsync(CancellationToken cancellationToken)
    {
        CrashTree.MakeIn(lane.Folder, tree);
        await EndAsync(TaskTypes.Export, isRepeated: false, cancellationToken);
    }

    /// <summary>Runs a task that has something to do. The name that is no key may fail, but for a restore, which does not come to it.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="isRepeated">Whether a trial came before, which may have left nothing to do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected async Task EndAsync(string type, bool isRepeated, CancellationToken cancellationToken)
    {
        var task = await lane.Client.RunAsync(type, ["t"], cancellationToken);
        if (task.EndTime is null || task.Status!.FailedCount > (type == TaskTypes.Restore ? 0 : 1) || (task.Status.SucceededCount == 0 && !isRepeated))
            throw new InvalidOperationException($"{type} {task.Lifecycle}, {task.Status?.SucceededCount} done, {task.Status?.FailedCount} failed: {task.FailureDetails?.Message}");
        await lane.SettleAsync(cancellationToken);
    }

    /// <summary>Files that do not hold what the tree says. Reading one without its data restores it.</summary>
    protected IEnumerable<string> WrongFiles() =>
        from entry in tree.Files
        where !OddNames.NotUtf8.Contains(entry.Path)
        where !File.ReadAllBytes(Path.Combine(lane.Folder, entry.Path.ToString())).AsSpan().SequenceEqual(tree.ContentOf(entry.Path))
        select $"'{entry.Path}' has wrong bytes";

    private async Task<IEnumerable<string>> ReportAsync(DataRepositoryTask ended, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var key in await lane.Bucket.KeysAsync(cancellationToken, $"{CrashLane.ReportPrefix}{ended.TaskId}/"))
        {
            var rows = Encoding.UTF8.GetString(await lane.Bucket.ReadAsync(key, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.AddRange(rows.Select(row => $"report {Path.GetFileName(key)}: {row}"));
        }

        return lines;
    }
}
