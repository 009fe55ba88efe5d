using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Release;

/// <summary>What releasing does to files, on real file systems.</summary>
public sealed class ReleaseTests
{
    // Where the address of the object does not fit into the inode, it takes a block.
    private const long AttributeBlockBytes = 4096;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_released_file_keeps_its_size_and_times_to_the_nanosecond_and_frees_its_blocks(string kind)
    {
        await using var rig = await HsmRig.CreateAsync(kind);
        int[] sizes = [1, 100, 4096, 70_000, (6 << 20) + 1];
        foreach (var size in sizes) await MakeAsync(rig, $"f{size}", size);
        await rig.ExportAsync();
        var before = sizes.ToDictionary(size => size, size => rig.Status($"f{size}"));

        var task = await rig.ReleaseAsync();

        Assert.Equal((TaskLifecycle.Succeeded, (5, 0, 5)), (task.Lifecycle, rig.Counts));
        Assert.Equal(sizes.Sum(size => (long)size), task.Progress!.Value.SucceededBytes);
        foreach (var size in sizes)
        {
            var (was, now) = (before[size], rig.Status($"f{size}"));
            Assert.Equal((was.SizeBytes, was.MtimeNs, was.AtimeNs, was.Mode), (now.SizeBytes, now.MtimeNs, now.AtimeNs, now.Mode));
            Assert.InRange(now.BlocksBytes, 0, AttributeBlockBytes);
            var state = rig.State($"f{size}");
            Assert.Equal(HsmStates.Released | HsmStates.Exists | HsmStates.Archived, state.States);
            Assert.False(state.Record!.Value.IsRestoring);
            Assert.Equal((rig.Bucket.Bucket, HsmRig.Key($"f{size}")), (state.Object!.Bucket, state.Object.Key));
        }

        Assert.Equal(5, rig.Guard.Calls.Count(call => call == "watch"));
        Assert.DoesNotContain("unwatch", rig.Guard.Calls);
    }

    [Fact]
    public async Task Directories_symlinks_and_empty_files_are_left_alone()
    {
        await using var rig = await HsmRig.CreateAsync();
        Directory.CreateDirectory(rig["dir"]);
        File.CreateSymbolicLink(rig["link"], "dir");
        await File.WriteAllBytesAsync(rig["empty"], [], Cancellation);
        await rig.ExportAsync();
        var task = await rig.ReleaseAsync();
        Assert.Equal((TaskLifecycle.Succeeded, (0, 0, 0)), (task.Lifecycle, rig.Counts));
        Assert.Equal(HsmStates.Exists | HsmStates.Archived, rig.State("empty").States);
    }

    [Fact]
    public async Task What_is_released_already_is_not_released_again()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        var ctime = rig.Status("a").CtimeNs;
        await rig.ReleaseAsync();
        Assert.Equal((0, 0, 0), rig.Counts);
        Assert.Equal(ctime, rig.Status("a").CtimeNs);
    }

    [Fact]
    public async Task Whoever_waited_for_a_file_has_a_moment_to_use_it_before_it_is_released_again()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        await rig.RestoreAsync("a");
        var restored = rig.Status("a").CtimeNs;
        long released = 0;
        rig.Guard.OnWatch = _ => released = FileSystemCalls.FineTimeNs();
        await rig.ReleaseAsync();
        Assert.InRange(released - restored, 100_000_000, long.MaxValue);
    }

    [Fact]
    public async Task Only_files_older_than_asked_for_are_released_and_younger_ones_are_not_counted()
    {
        await using var rig = await HsmRig.CreateAsync();
        await MakeAsync(rig, "a", 1000);
        await rig.ExportAsync();
        await File.WriteAllTextAsync(rig["never-exported"], "x", Cancellation);
        var last = rig.Status("a").LastTouchedNs;
        var touched = DateTimeOffset.UnixEpoch.AddTicks(last / TimeSpan.NanosecondsPerTick);

        await rig.RunAsync(TaskType.Release, days: 9, creation: touched.AddDays(9));
        Assert.Equal((0, 0, 0), rig.Counts);

        await rig.RunAsync(TaskType.Release, days: 9, creation: touched.AddDays(9).AddSeconds(1), paths: ["a"]);
        Assert.Equal((1, 0, 1), rig.Counts);
    }

    [Fact]
    public async Task A_file_whose_mode_or_owner_changed_since_the_export_is_released()
    {
        await using var rig = await HsmRig.CreateAsync();
        await MakeAsync(rig, "a", 1000);
        await rig.ExportAsync();
        File.SetUnixFileMode(rig["a"], UnixFileMode.UserRead);
        await rig.ReleaseAsync();
        Assert.Equal((1, 0, 1), rig.Counts);
    }

    [Fact]
    public async Task Every_name_of_a_file_with_several_is_counted_and_its_data_is_freed_once()
    {
        await using var rig = await HsmRig.CreateAsync();
        await MakeAsync(rig, "a", 100_000);
        var link = await ProcessRunner.RunAsync(new("/bin/ln") { Arguments = [rig["a"], rig["b"]] }, Cancellation);
        link.EnsureSuccess();
        await rig.ExportAsync();
        await rig.ReleaseAsync();
        Assert.Equal((2, 0, 2), rig.Counts);
        Assert.Single(rig.Guard.Calls, call => call == "watch");
        Assert.InRange(rig.Status("b").BlocksBytes, 0, AttributeBlockBytes);
    }

    [Fact]
    public async Task Without_a_guard_nothing_is_released_and_the_task_says_why()
    {
        await using var rig = await HsmRig.CreateAsync();
        await MakeAsync(rig, "a", 1000);
        await rig.ExportAsync();
        rig.IsGuarded = false;
        var task = await rig.ReleaseAsync();
        Assert.Equal((TaskLifecycle.Failed, "Mount it with 'sluice mount'."), (task.Lifecycle, task.FailureMessage));
        Assert.False(rig.State("a").States.HasFlag(HsmStates.Released));
    }

    [Fact]
    public async Task Behind_a_closed_gate_nothing_is_released()
    {
        await using var rig = await HsmRig.CreateAsync();
        await MakeAsync(rig, "a", 1000);
        await rig.ExportAsync();
        await rig.RunAsync(TaskType.Release, onGate: gate => gate.Close());
        Assert.Equal((0, 0), (rig.Counts.Succeeded, rig.Counts.Failed));
        Assert.Equal((HsmStates.Exists | HsmStates.Archived, null), (rig.State("a").States, rig.State("a").Object));
    }

    [Fact]
    public async Task After_a_cancel_what_was_begun_is_finished_and_nothing_else_begins()
    {
        await using var rig = await HsmRig.CreateAsync();
        for (var number = 0; number < 200; number++) await MakeAsync(rig, $"f{number}", 1000);
        await rig.ExportAsync();
        StartGate? gate = null;
        var watched = 0;
        var begunAtClose = 0L;
        rig.Guard.OnWatch = _ =>
        {
            if (Interlocked.Increment(ref watched) != 20) return;
            gate!.Close();
            begunAtClose = gate.StartedCount;
        };

        await rig.RunAsync(TaskType.Release, onGate: opened => gate = opened);

        var released = Enumerable.Range(0, 200).Count(number => rig.State($"f{number}").States.HasFlag(HsmStates.Released));
        Assert.Equal(begunAtClose, released);
        Assert.Equal((released, 0), (rig.Counts.Succeeded, rig.Counts.Failed));
        rig.Guard.OnWatch = null;
        await rig.ReleaseAsync();
        Assert.Equal((200 - released, 0, 200 - released), rig.Counts);
    }

    [Fact]
    public async Task Somebody_who_opens_the_file_while_it_is_released_has_its_data()
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = TestContent.Bytes(seed: 3, size: 1000);
        await File.WriteAllBytesAsync(rig["a"], content, Cancellation);
        await rig.ExportAsync();
        Task<byte[]>? reading = null;
        rig.Guard.OnWatch = file =>
        {
            // The kernel counts an opener before it asks whether the file is watched; from then on there is no second lease.
            reading = Task.Factory.StartNew(() => File.ReadAllBytes(rig["a"]), Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            while (FileSystemCalls.TryLease(file)) Thread.Yield();
        };

        await rig.ReleaseAsync();

        Assert.Equal((0, 1, 1), rig.Counts);
        Assert.Equal(["a,failed,ResourceBusy"], rig.Failures);
        Assert.Equal(content, await reading!);
        Assert.Equal((HsmStates.Exists | HsmStates.Archived, null), (rig.State("a").States, rig.State("a").Object));
        Assert.Equal(["lock", "watch", "unwatch"], rig.Guard.Calls);
    }

    internal static async Task MakeAsync(HsmRig rig, string name, int size)
    {
        await File.WriteAllBytesAsync(rig[name], TestContent.Bytes(seed: 1, size), Cancellation);

        // Nanoseconds that no clock gives by chance.
        using var file = rig.Open(name);
        FileSystemCalls.SetTimes(file, atimeNs: 1_600_000_000_123_456_789, mtimeNs: 1_500_000_000_987_654_321);
    }
}
