using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>
/// One trial: make a tree, export it, release or import it, cancel that at the planned moment, wait for the end, do it again, and read everything.
/// </summary>
/// <param name="lane">Where.</param>
/// <param name="plan">When, and of what tree.</param>
/// <param name="type">What is canceled: a release or an import.</param>
internal sealed class HydrationTrial(HydrationLane lane, TrialPlan plan, string type)
{
    private string _name = "";

    private string TaskPath => type == TaskTypes.Import ? $"{lane.Bucket.Url}/{HydrationLane.Prefix}{_name}" : _name;

    private string KeyPrefix => $"{HydrationLane.Prefix}{_name}/";

    public async Task<HydrationFacts> RunAsync(CancellationToken cancellationToken)
    {
        await using var tree = TempDirectory.Create(lane.Rig.Root).With(plan.Tree);
        _name = Path.GetFileName(tree.Path);
        var exported = await lane.Rig.ExportAsync(cancellationToken, _name);
        if (exported.Lifecycle != "SUCCEEDED") throw new InvalidOperationException($"The export ended {exported.Lifecycle}: {exported.FailureDetails?.Message}");
        if (type == TaskTypes.Import) Empty(tree.Path);
        var facts = await CancelAsync(tree.Path, cancellationToken);
        lane.Proxy.Rule = _ => ProxyAction.Forward;
        lane.Proxy.Forget();
        await TrialTree.RemoveAsync(lane.Bucket, KeyPrefix, cancellationToken);
        return facts;
    }

    private async Task<HydrationFacts> CancelAsync(string folder, CancellationToken cancellationToken)
    {
        var trigger = new CancelTrigger(plan, KeyPrefix, request => request.Operation == "HeadObject", plan.Nth);
        var before = InodeFacts.Of(folder);
        lane.Proxy.Rule = trigger.Rule;
        var created = lane.Proxy.Mark();
        var taskId = await lane.Rig.Client.CreateAsync(type, [TaskPath], plan.HasReport ? $"{lane.Bucket.Url}/{HydrationLane.Prefix}reports" : null, cancellationToken);
        Dictionary<string, InodeFacts> atAnswer = [], atEnd = [];
        long answered = 0;
        var course = await CancelCourse.RunAsync(
            lane.Rig.Client,
            taskId,
            trigger,
            () => (answered, atAnswer) = (lane.Proxy.Mark(), InodeFacts.Of(folder)),
            () => atEnd = InodeFacts.Of(folder),
            cancellationToken);

        lane.Proxy.Rule = _ => ProxyAction.Forward;
        var looked = lane.Proxy.Requests
            .Where(request => request.Clock > created && request.Operation == "HeadObject" && request.Key.StartsWith(KeyPrefix, StringComparison.Ordinal))
            .GroupBy(request => request.Key[KeyPrefix.Length..])
            .ToDictionary(group => group.Key, group => group.Min(request => request.EndClock ?? long.MaxValue));
        var later = InodeFacts.Of(folder);
        var next = await lane.Rig.Client.RunAsync(type, [TaskPath], cancellationToken);
        return new HydrationFacts
        {
            Type = type,
            Plan = plan,
            Concurrency = lane.Concurrency,
            Course = course,
            Before = before,
            AtAnswer = atAnswer,
            AtEnd = atEnd,
            Later = later,
            LookedAfterAnswer = looked.Where(pair => pair.Value > answered).Select(pair => pair.Key).ToHashSet(),
            Next = next,
            Last = InodeFacts.Of(folder),
            Wrong = Wrong(folder),
        };
    }

    /// <summary>Files that do not hold what the tree says; reading them restores them.</summary>
    private List<string> Wrong(string folder)
    {
        var wrong = new List<string>();
        foreach (var entry in plan.Tree.Files)
        {
            var path = Path.Combine(folder, entry.Path.ToString());
            if (!File.Exists(path)) wrong.Add($"'{entry.Path}' is not there");
            else if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(plan.Tree.ContentOf(entry.Path))) wrong.Add($"'{entry.Path}' has wrong bytes");
        }

        return wrong;
    }

    private static void Empty(string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder))
        {
            if (FileFacts.Of(path) is var _ && Directory.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: false) is null) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
    }
}
