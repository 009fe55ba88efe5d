using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Release;

/// <summary>Releases and restores whose process died: what they leave, and what the next life of the task makes of it.</summary>
public sealed class InterruptedReleaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_that_died_before_it_freed_the_data_leaves_a_file_that_has_it()
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await DieAsync(rig);

        // The data is there, and is not taken for somebody else's, nor fetched.
        Assert.True(rig.State("a").Record is { IsReleasing: true });
        rig.Corrupt("a");
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_later_task_frees_what_one_that_died_has_left(bool isRestored)
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = isRestored ? await DieRestoringAsync(rig) : await DieAsync(rig);

        // Writing moved the file's own; the record has it.
        var mtime = rig.State("a").Record!.Value.MtimeNs;
        Assert.Equal(!isRestored, mtime == rig.Status("a").MtimeNs);

        await rig.ReleaseAsync();

        Assert.Equal((TaskLifecycle.Succeeded, (1, 0, 1)), (rig.Last!.Lifecycle, rig.Counts));
        using (var file = rig.Open("a")) Assert.Null(FileSystemCalls.SeekData(file, 0));
        Assert.Equal(mtime, rig.Status("a").MtimeNs);
        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("a"));
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
    }

    [Theory]
    [InlineData(TaskType.Release, 100_000)]
    [InlineData(TaskType.Release, 50_000)]
    [InlineData(TaskType.Restore, 100_000)]
    [InlineData(TaskType.Restore, 50_000)]
    public async Task What_is_written_into_a_file_whose_release_died_stays(TaskType next, int bytes)
    {
        await using var rig = await HsmRig.CreateAsync();
        await DieAsync(rig);
        var content = TestContent.Bytes(seed: 9, bytes);
        await File.WriteAllBytesAsync(rig["a"], content, Cancellation);

        // The next life of the task, another release, and who restores it.
        await rig.RunAsync(rig.Last!.Id);
        Assert.Equal((TaskLifecycle.Failed, (0, 1, 1)), (rig.Last!.Lifecycle, rig.Counts));
        await rig.RunAsync(next);

        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        await rig.RestoreAsync("a");
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        await rig.ExportAsync();
        Assert.Equal(content, await rig.Bucket.ReadAsync(HsmRig.Key("a"), Cancellation));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Of_a_file_that_looks_touched_since_its_release_died_the_content_tells(bool isOtherTask, bool isChanged)
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await DieAsync(rig);
        var before = rig.Status("a");
        if (isChanged) await File.WriteAllBytesAsync(rig["a"], content = TestContent.Bytes(seed: 9, content.Length), Cancellation);
        using (var touched = rig.Open("a"))
        {
            do FileSystemCalls.SetTimes(touched, before.AtimeNs, before.MtimeNs);
            while (rig.Status("a").CtimeNs <= rig.State("a").Record!.Value.SealNs);
        }

        if (isOtherTask) await rig.ReleaseAsync();
        else await rig.RunAsync(rig.Last!.Id);

        Assert.Equal(isChanged ? (TaskLifecycle.Failed, (0, 1, 1)) : (TaskLifecycle.Succeeded, (1, 0, 1)), (rig.Last!.Lifecycle, rig.Counts));
        using (var file = rig.Open("a")) Assert.Equal(isChanged, FileSystemCalls.SeekData(file, 0) is not null);
        await rig.RestoreAsync("a");
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_export_takes_what_was_written_into_a_file_whose_release_died(bool isTimePutBack, bool isRead)
    {
        await using var rig = await HsmRig.CreateAsync();
        await DieAsync(rig);
        var time = File.GetLastWriteTimeUtc(rig["a"]);
        var content = TestContent.Bytes(seed: 9, 100_000);
        await File.WriteAllBytesAsync(rig["a"], content, Cancellation);
        if (isTimePutBack) File.SetLastWriteTimeUtc(rig["a"], time);

        // A reader may settle what it is before the export looks.
        if (isRead) Assert.Equal(RestoreResult.Overwritten, await rig.RestoreAsync("a"));

        await rig.ExportAsync();

        Assert.Equal((TaskLifecycle.Succeeded, (1, 0, 1)), (rig.Last!.Lifecycle, rig.Counts));
        Assert.Equal(content, await rig.Bucket.ReadAsync(HsmRig.Key("a"), Cancellation));
        Assert.Equal(HsmStates.Exists | HsmStates.Archived, rig.State("a").States);
        await rig.ReleaseAsync();
        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("a"));
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
    }

    [Fact]
    public async Task What_somebody_has_written_into_a_released_file_is_not_freed()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a", 100_000);
        var content = TestContent.Bytes(seed: 9, 100_000);
        await using (var file = new FileStream(rig["a"], FileMode.Open)) file.Write(content);

        await rig.ReleaseAsync();

        Assert.Equal((TaskLifecycle.Succeeded, (0, 0, 0)), (rig.Last!.Lifecycle, rig.Counts));
        await rig.RestoreAsync("a");
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
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

    /// <summary>A process that dies in the midst of a restore.</summary>
    private static async Task<byte[]> DieRestoringAsync(HsmRig rig)
    {
        var content = await rig.MakeReleasedAsync("a", 100_000);
        rig.Rewrite("a", record => record with { IsRestoring = true });
        await using var file = new FileStream(rig["a"], FileMode.Open);
        file.Write(content.AsSpan(0, 50_000));
        return content;
    }

    private sealed class ProcessDiedException : Exception;
}
