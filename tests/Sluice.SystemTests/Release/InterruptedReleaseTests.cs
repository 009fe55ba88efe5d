using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Posix;
using Xunit;

namespace Sluice.SystemTests.Release;

/// <summary>Releases and restores whose process died: what they leave, and what the next life of the task makes of it.</summary>
public sealed class InterruptedReleaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_that_died_before_it_freed_the_data_leaves_a_file_that_is_fetched_anew()
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await DieAsync(rig);

        // The data is there, and is not taken for somebody else's.
        Assert.True(rig.State("a").Record is { IsRestoring: true });
        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("a"));
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        Assert.Equal(HsmStates.Exists | HsmStates.Archived, rig.State("a").States);
    }

    [Fact]
    public async Task The_next_life_of_the_task_finishes_the_file_and_counts_it_once()
    {
        await using var rig = await HsmRig.CreateAsync();
        await DieAsync(rig);
        var mtime = rig.Status("a").MtimeNs;
        await rig.RunAsync(rig.Last!.Id);
        Assert.Equal((TaskLifecycle.Succeeded, (1, 0, 1)), (rig.Last.Lifecycle, rig.Counts));
        using var file = rig.Open("a");
        Assert.Null(FileSystemCalls.SeekData(file, 0));
        Assert.Equal(mtime, rig.Status("a").MtimeNs);
        Assert.False(rig.State("a").Record!.Value.IsRestoring);
    }

    [Fact]
    public async Task A_canceled_task_counts_after_a_crash_what_it_had_begun()
    {
        await using var rig = await HsmRig.CreateAsync();
        await DieAsync(rig);
        await rig.CancelAsync(rig.Last!.Id);
        await rig.RunAsync(rig.Last.Id);
        Assert.Equal((TaskLifecycle.Canceled, (1, 0, 1)), (rig.Last.Lifecycle, rig.Counts));
    }

    [Fact]
    public async Task A_task_that_is_run_again_counts_what_it_released_and_what_was_restored_since()
    {
        await using var rig = await HsmRig.CreateAsync();
        foreach (var name in (string[])["a", "b", "c"]) await ReleaseTests.MakeAsync(rig, name, 1000);
        await rig.ExportAsync();
        var released = 0;
        rig.Guard.OnWatch = _ =>
        {
            if (++released == 3) throw new ProcessDiedException();
        };
        await Assert.ThrowsAsync<ProcessDiedException>(() => rig.RunAsync(TaskType.Release));
        rig.Guard.OnWatch = null;
        await rig.RestoreAsync("a");

        await rig.RunAsync(rig.Last!.Id);

        Assert.Equal((TaskLifecycle.Succeeded, (3, 0, 3)), (rig.Last.Lifecycle, rig.Counts));
        Assert.False(rig.State("a").States.HasFlag(HsmStates.Released));
    }

    [Fact]
    public async Task A_restore_task_that_is_run_again_counts_what_it_restored()
    {
        await using var rig = await HsmRig.CreateAsync();
        foreach (var name in (string[])["a", "b"]) await ReleaseTests.MakeAsync(rig, name, 1000);
        await rig.ExportAsync();
        await rig.ReleaseAsync();
        rig.Counter.Before = method =>
        {
            if (method == "GetAsync" && rig.Counter.Of(method) == 2) throw new ProcessDiedException();
        };
        await Assert.ThrowsAsync<ProcessDiedException>(() => rig.RunAsync(TaskType.Restore));
        rig.Counter.Before = null;
        await rig.RunAsync(rig.Last!.Id);
        Assert.Equal((TaskLifecycle.Succeeded, (2, 0, 2)), (rig.Last.Lifecycle, rig.Counts));
    }

    /// <summary>A process that dies when the record is written and nothing is freed yet.</summary>
    private static async Task<byte[]> DieAsync(HsmRig rig)
    {
        await ReleaseTests.MakeAsync(rig, "a", 100_000);
        var content = await File.ReadAllBytesAsync(rig["a"], Cancellation);
        await rig.ExportAsync();
        rig.Guard.OnWatch = _ => throw new ProcessDiedException();
        await Assert.ThrowsAsync<ProcessDiedException>(() => rig.RunAsync(TaskType.Release));
        rig.Guard.OnWatch = null;
        return content;
    }

    private sealed class ProcessDiedException : Exception;
}
