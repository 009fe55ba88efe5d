using System.Diagnostics;
using Sluice.Scenarios.Trees;
using Sluice.SystemTests;
using Sluice.TestKit;

namespace Sluice.Scenarios.Cancel;

/// <summary>
/// Cancels of an export of many small files that runs in a real server against a real S3 server.
/// <code>
/// create, create another behind it → the n-th object begins → cancel the waiting one, cancel the running one → ask until it is CANCELED
/// </code>
/// Each time as many files more are exported as had begun, which is few against all.
/// </summary>
internal sealed class CancelScenario : IScenario
{
    private const long FileBytes = 4096;
    private const int MostStarts = 500;
    private const int Cancels = 100;
    private const int MiniatureCancels = 3;

    // How far the export is when the cancel comes differs, but is the same in every run.
    private const int Seed = 5;

    /// <inheritdoc/>
    public string Name => "cancel";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var tree = new EvenTree(context.Sizes.Objects, FileBytes);
        var cancels = context.IsMiniature ? MiniatureCancels : Cancels;
        var most = Math.Clamp(tree.Files / (4 * (cancels + 1)), 1, MostStarts);
        var begun = new EvenTree((cancels + 1) * (most + MostStarts), FileBytes);
        var random = new Random(Seed);
        var canceled = new List<CanceledTask>();
        await using var rig = await CancelRig.StartAsync(context, begun.StoreBytes, tree.MakeIn, cancellationToken);
        await context.SettleAsync(rig.Root, cancellationToken);
        _ = await CancelOneAsync(rig, most, cancellationToken);
        for (var cancel = 0; cancel < cancels; cancel++) canceled.Add(await CancelOneAsync(rig, random.Next(1, most + 1), cancellationToken));
        Write(context, tree, canceled);
    }

    private static async Task<CanceledTask> CancelOneAsync(CancelRig rig, int starts, CancellationToken cancellationToken)
    {
        var (client, proxy) = (rig.Client, rig.Proxy);
        var begun = 0;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.Rule = request =>
        {
            if (request.StartsObject && ++begun == starts) reached.TrySetResult();
            return ProxyAction.Forward;
        };
        var running = await client.CreateAsync(TaskTypes.Export, [], reportPath: null, cancellationToken);
        var queued = await client.CreateAsync(TaskTypes.Export, ["d0000"], reportPath: null, cancellationToken);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(10), cancellationToken);

        var (queuedAnswer, _) = await CancelAsync(client, queued, cancellationToken);
        var (answer, lifecycle) = await CancelAsync(client, running, cancellationToken);
        var answeredAt = proxy.Elapsed;
        var mark = proxy.Mark();
        if (lifecycle != "CANCELING") throw new InvalidOperationException($"The export ended before it was canceled ({lifecycle}): the tree is too small.");
        var task = await client.DescribeAsync(running, cancellationToken);
        while (task.Lifecycle != "CANCELED") task = await client.DescribeAsync(running, cancellationToken);
        var endedAt = proxy.Elapsed;
        _ = proxy.Mark();

        var objects = proxy.Requests.Where(request => request.StartsObject).ToList();
        proxy.Forget();
        return new CanceledTask(
            answer,
            queuedAnswer,
            objects.Count(request => request.Clock > mark),
            answeredAt - objects.Max(request => request.FirstByteAt),
            endedAt - TimeSpan.FromTicks(Math.Max(answeredAt.Ticks, objects.Max(request => request.EndedAt ?? TimeSpan.Zero).Ticks)),
            objects.Count(request => request.EndedAt > answeredAt),
            task.Status?.TotalCount ?? 0);
    }

    private static async Task<(TimeSpan Answer, string Lifecycle)> CancelAsync(TaskClient client, string taskId, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var lifecycle = await client.CancelAsync(taskId, cancellationToken);
        return (Stopwatch.GetElapsedTime(start), lifecycle);
    }

    private void Write(ScenarioContext context, EvenTree tree, List<CanceledTask> canceled)
    {
        var table = new ResultTable(
            Name, $"Cancel of a running export of {tree.Title}",
            "S3 server: Ceph RADOS Gateway with its data in memory, behind a proxy that logs, all on the same machine", canceled.Count,
            ["milliseconds", "median", "p99", "greatest"]);
        AddRow(table, "request to answer, the task runs", canceled, one => one.Answer);
        AddRow(table, "request to answer, the task waits behind another", canceled, one => one.QueuedAnswer);
        AddRow(table, "last object begun, before the answer", canceled, one => one.LastStart);
        AddRow(table, "last object answered to CANCELED", canceled, one => one.End);
        table.AddNote($"Objects begun after the answer, in all {canceled.Count} cancels: {canceled.Sum(one => one.StartsAfter)}.");
        table.AddNote(
            $"Under way when the cancel was answered: up to {canceled.Max(one => one.InFlight)} objects; files found by then: {canceled.Min(one => one.Found):N0} to {canceled.Max(one => one.Found):N0}.");
        table.AddNote("Whether an object began after the answer is decided by order, not by time: bytes the server had handed to the kernel before the answer count as before it. "
            + "A time less than nothing says that the proxy came to read them later.");
        table.Write(context);
    }

    private static void AddRow(ResultTable table, string what, List<CanceledTask> canceled, Func<CanceledTask, TimeSpan> value)
    {
        var samples = new Samples();
        foreach (var one in canceled) samples.Add(value(one));
        table.AddRow(what, ResultTable.Figure(samples.Median, 2), ResultTable.Figure(samples.P99, 2), ResultTable.Figure(samples.Greatest, 2));
    }
}
