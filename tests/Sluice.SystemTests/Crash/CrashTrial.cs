using Sluice.Protocol.Shapes;
using Sluice.SystemTests.Cancel;
using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>
/// One run of a course whose process dies at given moments, one after another, and is started again each time.
/// </summary>
/// <param name="course">The course.</param>
/// <param name="undisturbed">What a run leaves whose process does not die.</param>
internal sealed class CrashTrial(CrashCourse course, IReadOnlyList<string> undisturbed)
{
    private const int MostDifferences = 8;

    private static int _tokens;

    private readonly List<string> _violations = [];
    private readonly string _token = $"crash-{Interlocked.Increment(ref _tokens)}";
    private string? _taskId;

    private CrashLane Lane => course.Lane;

    /// <summary>How many of the moments came.</summary>
    public int Deaths { get; private set; }

    /// <summary>The points that the last process passed, from its start to the task's end.</summary>
    public IReadOnlyList<string> LastPassings { get; private set; } = [];

    /// <summary>Runs it; answers what is not as it has to be.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<CrashMoment> moments, CancellationToken cancellationToken)
    {
        await course.PrepareAsync(cancellationToken);
        Lane.Proxy.Forget();
        Lane.ForgetPassings();
        var begun = Lane.Proxy.Mark();
        Lane.Order(moments[0]);
        var ended = await AttemptAsync(cancellationToken);
        while (ended is null) ended = await GoOnAsync(moments, cancellationToken);
        LastPassings = Lane.Passings();
        Lane.Unorder();
        Compare(await course.FactsAsync(ended, cancellationToken));
        var sentAgain = Works(begun).Where(request => request.StartsObject).GroupBy(request => request.Key).Count(group => group.Count() > 1);
        if (sentAgain > Deaths * CrashLane.Concurrency) _violations.Add($"{sentAgain} objects were sent more than once: more than were in flight");
        return _violations;
    }

    /// <summary>Makes the task, unless it is made, and waits for its end; null when the process dies.</summary>
    private async Task<DataRepositoryTask?> AttemptAsync(CancellationToken cancellationToken)
    {
        try
        {
            _taskId ??= await course.BeginAsync(_token, cancellationToken);
        }
        catch (HttpRequestException)
        {
            await Lane.DeathAsync(cancellationToken);
            return null;
        }

        return await Lane.EndOrDieAsync(_taskId, cancellationToken);
    }

    /// <summary>After a death: what was done stays as it is.</summary>
    private async Task<DataRepositoryTask?> GoOnAsync(IReadOnlyList<CrashMoment> moments, CancellationToken cancellationToken)
    {
        Deaths++;
        var done = Done();
        var died = Lane.Proxy.Mark();
        Lane.Unorder();
        if (Deaths < moments.Count) Lane.Order(moments[Deaths]);
        if (!await Lane.TryRestartAsync(cancellationToken)) return null;
        var ended = await AttemptAsync(cancellationToken);
        Lane.Proxy.Mark();
        var workedOn = Works(died).Select(request => request.Key).ToHashSet();
        foreach (var (path, before) in done)
        {
            if (workedOn.Contains(CrashLane.KeyPrefix + path)) _violations.Add($"'{path}' was done and was worked on again");
            if (FileFacts.Of(Path.Combine(Lane.Folder, path)).ChangedNs != before.Facts.ChangedNs) _violations.Add($"'{path}' was done and was changed again");
        }

        return ended;
    }

    /// <summary>The entries that are as they are to be at the end. Other entries change a directory, and other names their inode.</summary>
    private Dictionary<string, InodeFacts> Done()
    {
        if (_taskId is null) return [];
        var now = EntryFacts.Of(Lane.Folder, _taskId);
        var last = undisturbed.ToHashSet();
        var done = now.Where(pair => pair.Value.StartsWith("file", StringComparison.Ordinal) && pair.Value.EndsWith(", this task's", StringComparison.Ordinal)
            && last.Contains($"entry {pair.Key}: {pair.Value}")).Select(pair => pair.Key).ToHashSet();
        var inodes = InodeFacts.Of(Lane.Folder);
        var shared = inodes.GroupBy(pair => pair.Value.Facts.Inode).Where(group => group.Count() > 1).SelectMany(group => group.Select(pair => pair.Key)).ToHashSet();
        return inodes.Where(pair => done.Contains(pair.Key) && !shared.Contains(pair.Key)).ToDictionary();
    }

    private IEnumerable<ProxyRequest> Works(long after) => Lane.Proxy.Requests.Where(request => request.Clock > after && course.IsWork(request));

    private void Compare(IReadOnlyList<string> facts)
    {
        _violations.AddRange(facts.Except(undisturbed).Take(MostDifferences).Select(fact => $"only after a death: {fact}"));
        _violations.AddRange(undisturbed.Except(facts).Take(MostDifferences).Select(fact => $"only undisturbed:   {fact}"));
    }
}
