using Sluice.Core.Ids;
using Sluice.Engine.Ledger;
using Sluice.Protocol.Shapes;
using Sluice.SystemTests.Cancel;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Crash;

/// <summary>The real program, killed at the crash points it passes behind the answer to a cancel: the task ends CANCELED, and nothing of it starts any more.</summary>
public sealed class CanceledCrashTests
{
    // Where the canceled task is held until its answer.
    private const int HeldAt = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_canceled_export_whose_process_dies_ends_canceled_and_starts_nothing()
    {
        await using var lane = await CrashLane.StartAsync(Cancellation);
        var course = CrashCourse.Of(TaskTypes.Export, lane, CrashTree.Make(60));
        var moments = await LearnAsync(course);
        var deaths = 0;
        foreach (var moment in moments)
        {
            if (await DieAsync(course, moment)) deaths++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{moments.Count} trials, {deaths} deaths");
        Assert.True(deaths * 2 > moments.Count, $"{deaths} deaths in {moments.Count} trials");
    }

    /// <summary>The first and the last passing of each point behind the answer.</summary>
    private static async Task<IReadOnlyList<CrashMoment>> LearnAsync(CrashCourse course)
    {
        await course.PrepareAsync(Cancellation);
        var (taskId, answered) = await CancelAsync(course, "undisturbed", static lane => lane.ForgetPassings());
        var ended = await course.Lane.EndOrDieAsync(taskId, Cancellation) ?? throw new InvalidOperationException("The process died unasked.");
        await CheckAsync(course.Lane, "undisturbed", ended, answered);
        return [.. course.Lane.Passings().CountBy(point => point)
            .SelectMany(point => new[] { 1, point.Value }.Distinct().Select(passing => new CrashMoment(point.Key, passing)))];
    }

    /// <returns>Whether the moment came.</returns>
    private static async Task<bool> DieAsync(CrashCourse course, CrashMoment moment)
    {
        var lane = course.Lane;
        await course.PrepareAsync(Cancellation);
        var (taskId, answered) = await CancelAsync(course, $"canceled-{moment.Point.Replace(':', '-')}-{moment.Passing}", held =>
        {
            held.ForgetPassings();
            held.Order(moment);
        });
        var ended = await lane.EndOrDieAsync(taskId, Cancellation);
        var hasDied = ended is null;
        lane.Unorder();
        if (hasDied) Assert.True(await lane.TryRestartAsync(Cancellation));
        ended ??= await lane.EndOrDieAsync(taskId, Cancellation);
        await CheckAsync(lane, $"{moment}", ended!, answered);
        return hasDied;
    }

    private static async Task CheckAsync(CrashLane lane, string moment, DataRepositoryTask ended, long answered)
    {
        await lane.SettleAsync(Cancellation);
        lane.Proxy.Mark();
        var entries = lane.Proxy.Requests.Where(request => request.StartsObject && request.Key.StartsWith(CrashLane.KeyPrefix, StringComparison.Ordinal)).ToList();
        var begun = entries.Where(request => request.Clock > answered);
        Assert.Equal((moment, "CANCELED", true), (moment, ended.Lifecycle, ended.EndTime is not null));
        Assert.True(!begun.Any(), $"{moment}: began after the answer: {string.Join(", ", begun)}");

        // What was in flight when the process died may be stored without a record: that counts for the next export. A symlink has none ever. Of an inode's
        // names, after the death, the one that its record is about is counted.
        var tag = LedgerHashes.Tag(TaskId.Parse(ended.TaskId!));
        var recorded = InodeFacts.Of(lane.Folder).Values.Where(inode => inode.Record?.TaskTag == tag).DistinctBy(inode => inode.Facts.Inode).Count();
        Assert.InRange(ended.Status!.SucceededCount!.Value, recorded, entries.Count);

        // The name that is no key, where the scan came to it before the cancel.
        Assert.InRange(ended.Status.FailedCount!.Value, 0, 1);
        Assert.Equal((moment, 0), (moment, (await lane.Bucket.PendingUploadsAsync(Cancellation)).Count));
        Assert.DoesNotContain(lane.DataFiles(), path => path.StartsWith("tasks/", StringComparison.Ordinal));
    }

    /// <summary>Cancels while files are in flight, and lets them go on when the answer is there.</summary>
    /// <param name="course">The course.</param>
    /// <param name="token">Tells its task from others.</param>
    /// <param name="whenAnswered">Done in between.</param>
    private static async Task<(string TaskId, long Answered)> CancelAsync(CrashCourse course, string token, Action<CrashLane> whenAnswered)
    {
        var lane = course.Lane;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = 0;
        lane.Proxy.Forget();
        lane.Proxy.Rule = request => request.StartsObject && Interlocked.Increment(ref started) >= HeldAt ? ProxyAction.Forward.When(release.Task) : ProxyAction.Forward;
        try
        {
            var taskId = await course.BeginAsync(token, Cancellation);
            await lane.Proxy.WaitForAsync(_ => Volatile.Read(ref started) >= HeldAt, Cancellation);
            Assert.Equal("CANCELING", await lane.Client.CancelAsync(taskId, Cancellation));
            var answered = lane.Proxy.Mark();
            whenAnswered(lane);
            return (taskId, answered);
        }
        finally
        {
            lane.Proxy.Rule = static _ => ProxyAction.Forward;
            release.SetResult();
        }
    }
}
