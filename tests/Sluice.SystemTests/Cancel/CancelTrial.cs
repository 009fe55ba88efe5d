using Sluice.Protocol.Shapes;
using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>
/// One trial: make a tree, export it, cancel at the planned moment, wait for the end, export again, look at everything.
/// </summary>
internal sealed class CancelTrial(TrialLane lane, TrialPlan plan)
{
    private string _name = "";

    private string KeyPrefix => $"{TrialLane.Prefix}{_name}/";

    public async Task<TrialFacts> RunAsync(CancellationToken cancellationToken)
    {
        await using var tree = TempDirectory.Create(lane.Root).With(plan.Tree);
        _name = Path.GetFileName(tree.Path);
        var expected = TrialTree.Objects(plan.Tree, KeyPrefix);
        var wanted = expected.Keys.ToHashSet();
        if (plan.IsIncremental)
        {
            await lane.Client.EndAsync(await lane.ExportAsync(_name, hasReport: false, cancellationToken), cancellationToken);
            wanted = TrialTree.Change(plan, tree.Path, KeyPrefix, expected);
        }

        var facts = await CancelAsync(expected, wanted, cancellationToken);
        lane.Proxy.Forget();
        await TrialTree.RemoveAsync(lane.Bucket, KeyPrefix, cancellationToken);
        return facts;
    }

    private async Task<TrialFacts> CancelAsync(
        IReadOnlyDictionary<string, ExpectedObject> expected, HashSet<string> wanted, CancellationToken cancellationToken)
    {
        var trigger = new CancelTrigger(plan, KeyPrefix, request => request.StartsObject, Math.Min(plan.Nth, Math.Max(1, wanted.Count)));
        lane.Proxy.Rule = trigger.Rule;
        var created = lane.Proxy.Mark();
        var taskId = await lane.ExportAsync(_name, plan.HasReport, cancellationToken);
        long answered = 0, endClock = 0;
        var course = await CancelCourse.RunAsync(
            lane.Client, taskId, trigger, () => answered = lane.Proxy.Mark(), () => endClock = lane.Proxy.Mark(), cancellationToken);

        var requests = Requests(created);
        var started = requests.Where(request => request.StartsObject).Select(request => request.Key).ToHashSet();
        var stored = await TrialTree.StoredAsync(lane.Bucket, KeyPrefix, cancellationToken);
        lane.Proxy.Rule = _ => ProxyAction.Forward;
        var afterwards = lane.Proxy.Mark();
        var next = await lane.Client.EndAsync(await lane.ExportAsync(_name, hasReport: false, cancellationToken), cancellationToken);
        _ = lane.Proxy.Mark();
        return new TrialFacts
        {
            Plan = plan,
            Course = course,
            Clock = (created, answered, endClock),
            Requests = [.. requests, .. Requests(endClock).Where(request => request.Clock < afterwards)],
            Wanted = wanted,
            MustFail = TrialTree.NotKeys(plan.Tree),
            ReportRows = plan.HasReport ? await ReportRowsAsync(course.Ended, cancellationToken) : null,
            Broken = await TrialTree.BrokenAsync(lane.Bucket, started, expected, stored, cancellationToken),
            Strange = [.. stored.Keys.Except(expected.Keys)],
            PendingUploads = [.. (await lane.Bucket.PendingUploadsAsync(cancellationToken))
                .Where(upload => upload.Key.StartsWith(KeyPrefix, StringComparison.Ordinal))
                .Select(upload => $"'{upload.Key}' ({upload.UploadId}; {string.Join(", ", Requests(created).Where(request => request.Key == upload.Key))})")],
            Rest = Requests(afterwards).Where(request => request.StartsObject).Select(request => request.Key).ToHashSet(),
            Next = next,
        };
    }

    private List<ProxyRequest> Requests(long after) =>
        [.. lane.Proxy.Requests.Where(request => request.Clock > after && request.Key.StartsWith(KeyPrefix, StringComparison.Ordinal))];

    private async Task<int> ReportRowsAsync(DataRepositoryTask task, CancellationToken cancellationToken)
    {
        var key = $"{TrialLane.Prefix}reports/{task.TaskId}/failures.csv";
        if (await lane.Bucket.HeadAsync(key, cancellationToken) is null) return 0;

        // Names in a trial may hold line feeds, but each row ends with its code.
        var text = System.Text.Encoding.UTF8.GetString(await lane.Bucket.ReadAsync(key, cancellationToken));
        return text.Split(",failed,InternalError\n").Length - 1;
    }
}
