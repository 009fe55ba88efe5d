using Sluice.SystemTests.Cancel;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Crash;

/// <summary>One task that is canceled while it is held in the midst of its work, and may die thereafter.</summary>
internal sealed class CanceledTrial
{
    private readonly CrashCourse _course;
    private readonly string _taskId;
    private readonly Dictionary<string, InodeFacts> _before;
    private readonly Dictionary<string, InodeFacts> _atAnswer;
    private readonly long _answered;

    private CanceledTrial(CrashCourse course, string taskId, Dictionary<string, InodeFacts> before, Dictionary<string, InodeFacts> atAnswer, long answered) =>
        (_course, _taskId, _before, _atAnswer, _answered) = (course, taskId, before, atAnswer, answered);

    /// <summary>Prepares everything, begins a task, cancels it while requests are held, and lets them go on when the answer is there.</summary>
    /// <param name="course">The course.</param>
    /// <param name="token">Tells its task from others.</param>
    /// <param name="whenAnswered">Done before they go on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CanceledTrial> BeginAsync(CrashCourse course, string token, Action<CrashLane> whenAnswered, CancellationToken cancellationToken)
    {
        await course.PrepareAsync(cancellationToken);
        var lane = course.Lane;
        var before = InodeFacts.Of(lane.Folder);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (started, held) = (0, 0);
        lane.Proxy.Forget();
        lane.Proxy.Rule = request =>
        {
            if (course.IsOfMany(request)) return ProxyAction.Answer(403, "AccessDenied");
            if (course.IsWork(request) && course.IsHeld(request, Interlocked.Increment(ref started))) Interlocked.Increment(ref held);

            // A task that gives up what it had only asked for is at its report at once.
            else if (!request.Key.StartsWith(CrashLane.ReportPrefix, StringComparison.Ordinal)) return ProxyAction.Forward;
            return ProxyAction.Forward.When(release.Task);
        };
        try
        {
            var taskId = await course.BeginAsync(token, cancellationToken);
            await lane.Proxy.WaitForAsync(_ => Volatile.Read(ref held) > 0, cancellationToken);
            Assert.Equal("CANCELING", await lane.Client.CancelAsync(taskId, cancellationToken));
            var answered = lane.Proxy.Mark();
            whenAnswered(lane);
            var atAnswer = InodeFacts.Of(lane.Folder);
            return new CanceledTrial(course, taskId, before, atAnswer, answered);
        }
        finally
        {
            lane.Proxy.Rule = static _ => ProxyAction.Forward;
            release.SetResult();
        }
    }

    /// <summary>Waits for the end, over the process's death where it dies.</summary>
    public async Task<(CanceledFacts Facts, bool HasDied)> EndAsync(CancellationToken cancellationToken)
    {
        var lane = _course.Lane;
        var ended = await lane.EndOrDieAsync(_taskId, cancellationToken);
        var hasDied = ended is null;
        lane.Unorder();
        if (hasDied) Assert.True(await lane.TryRestartAsync(cancellationToken));
        ended ??= await lane.EndOrDieAsync(_taskId, cancellationToken);
        await lane.SettleAsync(cancellationToken);
        lane.Proxy.Mark();
        var facts = new CanceledFacts
        {
            Type = _course.Type,
            Ended = ended!,
            Answered = _answered,
            Works = [.. lane.Proxy.Requests.Where(request => _course.IsWork(request) && request.Key.StartsWith(CrashLane.KeyPrefix, StringComparison.Ordinal))],
            AskedBefore = lane.Proxy.Requests.Where(request => request.Clock < _answered).Select(request => request.Key).ToHashSet(),
            Before = _before,
            AtAnswer = _atAnswer,
            AtEnd = InodeFacts.Of(lane.Folder),
            PendingUploads = (await lane.Bucket.PendingUploadsAsync(cancellationToken)).Count,
            TaskFiles = [.. lane.DataFiles().Where(path => path.StartsWith("tasks/", StringComparison.Ordinal))],
        };
        return (facts, hasDied);
    }
}
