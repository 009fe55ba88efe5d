using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Crash;

/// <summary>The real program, killed after the answer to a cancel: the task ends CANCELED, and nothing of it starts any more.</summary>
public sealed class CanceledCrashTests
{
    private const int HeldAt = 20;

    // What a canceled task with files in flight still passes.
    private static readonly CrashMoment[] Moments =
    [
        new("repository.put:after", 1), new("ledger.write-record:before", 1), new("ledger.write-record:after", 1), new("report.write:before", 1),
        new("report.write:after", 1), new("catalog.apply:before", 1), new("catalog.apply:after", 1), new("catalog.apply:after", 2), new("spool.remove:before", 1),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_canceled_export_whose_process_dies_ends_canceled_and_starts_nothing()
    {
        await using var lane = await CrashLane.StartAsync(Cancellation);
        var course = CrashCourse.Of(TaskTypes.Export, lane, CrashTree.Make(60));
        foreach (var moment in Moments)
        {
            await course.PrepareAsync(Cancellation);
            lane.Proxy.Forget();
            var (taskId, answered) = await CancelAsync(course, moment);
            Assert.True(await lane.EndOrDieAsync(taskId, Cancellation) is null, $"{moment} was not reached.");
            lane.Unorder();
            Assert.True(await lane.TryRestartAsync(Cancellation));

            var ended = await lane.EndOrDieAsync(taskId, Cancellation);
            lane.Proxy.Mark();
            Assert.Equal((moment, "CANCELED", true), (moment, ended?.Lifecycle, ended?.EndTime is not null));
            var begun = lane.Proxy.Requests.Where(request => request.Clock > answered && request.StartsObject && request.Key.StartsWith(CrashLane.KeyPrefix, StringComparison.Ordinal));
            Assert.True(!begun.Any(), $"{moment}: began after the answer: {string.Join(", ", begun)}");
            Assert.Equal(ended!.Status!.TotalCount, ended.Status.SucceededCount + ended.Status.FailedCount);
            Assert.Empty(await lane.Bucket.PendingUploadsAsync(Cancellation));
        }
    }

    /// <summary>Cancels while files are in flight, then lets them go on towards the death.</summary>
    private static async Task<(string TaskId, long Answered)> CancelAsync(CrashCourse course, CrashMoment moment)
    {
        var lane = course.Lane;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = 0;
        lane.Proxy.Rule = request => request.StartsObject && ++started >= HeldAt ? ProxyAction.Forward.When(release.Task) : ProxyAction.Forward;
        try
        {
            var held = lane.Proxy.WaitForAsync(_ => started >= HeldAt, Cancellation);
            var taskId = await course.BeginAsync($"canceled-{moment.Point.Replace(':', '-')}-{moment.Passing}", Cancellation);
            await held;
            Assert.Equal("CANCELING", await lane.Client.CancelAsync(taskId, Cancellation));
            var answered = lane.Proxy.Mark();
            lane.Order(moment);
            return (taskId, answered);
        }
        finally
        {
            lane.Proxy.Rule = static _ => ProxyAction.Forward;
            release.SetResult();
        }
    }
}
