using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Release;

/// <summary>What restoring does to files, on real file systems.</summary>
public sealed class RestoreTests
{
    private const int LargeBytes = (6 << 20) + 12_345;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_restored_file_has_its_bytes_and_its_times_to_the_nanosecond(string kind)
    {
        await using var rig = await HsmRig.CreateAsync(kind);
        int[] sizes = [1, 100, 70_000, LargeBytes];
        foreach (var size in sizes) await ReleaseTests.MakeAsync(rig, $"f{size}", size);
        await rig.ExportAsync();
        await rig.ReleaseAsync();
        foreach (var size in sizes)
        {
            var before = rig.Status($"f{size}");
            Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync($"f{size}"));
            var after = rig.Status($"f{size}");
            Assert.Equal((before.SizeBytes, before.MtimeNs, before.AtimeNs, before.Mode), (after.SizeBytes, after.MtimeNs, after.AtimeNs, after.Mode));
            Assert.Equal(TestContent.Bytes(seed: 1, size), await File.ReadAllBytesAsync(rig[$"f{size}"], Cancellation));
            var state = rig.State($"f{size}");
            Assert.Equal((HsmStates.Exists | HsmStates.Archived, null), (state.States, state.Object));
            Assert.Equal(RestoreResult.Resident, await rig.RestoreAsync($"f{size}"));
        }

        // Nothing of it is new to an export.
        await rig.ExportAsync();
        Assert.Equal((0, 0, 0), rig.Counts);
    }

    [Fact]
    public async Task A_sparse_file_stays_sparse()
    {
        await using var rig = await HsmRig.CreateAsync();
        await using (var file = new FileStream(rig["a"], FileMode.CreateNew))
        {
            file.SetLength(8 << 20);
            file.Position = 3 << 20;
            file.Write(TestContent.Bytes(seed: 5, size: 1000));
        }

        var content = await File.ReadAllBytesAsync(rig["a"], Cancellation);
        await rig.ExportAsync();
        await rig.ReleaseAsync();
        await rig.RestoreAsync("a");
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        Assert.InRange(rig.Status("a").BlocksBytes, 4096, 128 << 10);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(LargeBytes)]
    public async Task A_content_that_is_not_what_was_archived_is_never_shown(int size)
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a", size);
        rig.Corrupt("a");
        var before = rig.Status("a");

        var error = await Assert.ThrowsAsync<RestoreFailedException>(() => rig.RestoreAsync("a"));

        Assert.Contains("is not what was stored", error.Message, StringComparison.Ordinal);
        AssertStillReleased(rig, before);
        Assert.DoesNotContain("unwatch", rig.Guard.Calls);
    }

    [Fact]
    public async Task An_object_that_is_gone_or_replaced_leaves_the_file_released()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a", 1000);
        var before = rig.Status("a");
        await PutAsync(rig, "a", TestContent.Bytes(seed: 2, size: 1000));
        Assert.Equal(RepositoryErrorCode.PreconditionFailed, (await Assert.ThrowsAsync<RepositoryException>(() => rig.RestoreAsync("a"))).Code);
        await rig.Bucket.DeleteAsync(HsmRig.Key("a"), Cancellation);
        Assert.Equal(RepositoryErrorCode.NotFound, (await Assert.ThrowsAsync<RepositoryException>(() => rig.RestoreAsync("a"))).Code);
        AssertStillReleased(rig, before);
    }

    [Fact]
    public async Task A_reader_does_not_wait_behind_the_files_of_a_task()
    {
        await using var rig = await HsmRig.CreateAsync();
        Directory.CreateDirectory(rig["many"]);
        var files = rig.Options.Concurrency + 8;
        for (var number = 0; number < files; number++) await rig.MakeReleasedAsync($"many/{number}", size: 100);
        await rig.MakeReleasedAsync("read");
        var contents = new TaskCompletionSource();
        rig.Counter.Calls.Clear();
        rig.Counter.Contents = contents.Task;
        var task = rig.RunAsync(TaskType.Restore, paths: ["many"]);
        while (rig.Counter.Of("GetAsync") < rig.Options.Concurrency) await Task.Delay(1, Cancellation);
        rig.Counter.Contents = null;

        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("read"));

        Assert.Equal(rig.Options.Concurrency + 1, rig.Counter.Of("GetAsync"));
        contents.SetResult();
        Assert.Equal(files, (await task).Progress!.Value.SucceededCount);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(LargeBytes)]
    public async Task An_object_with_the_same_content_by_another_ETag_is_the_files_data(int size)
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await rig.MakeReleasedAsync("a", size);
        using (var file = rig.Open("a")) rig.Ledger.WriteAddress(file, rig.Ledger.ReadAddress(file)! with { ETag = "of-the-copy-before" });

        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("a"));

        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        await rig.ReleaseAsync("a");
        Assert.Equal(1, rig.Counts.Succeeded);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(LargeBytes)]
    public async Task A_file_whose_checksum_nobody_knows_is_proved_by_what_the_repository_stored(int size)
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await rig.MakeReleasedAsync("a", size);
        rig.Rewrite("a", record => record with { Checksum = 0 });
        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("a"));
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        Assert.Equal(Repositories.Checksums.Crc64Nvme.Hash(content), rig.State("a").Record!.Value.Checksum);

        await rig.ReleaseAsync();
        rig.Rewrite("a", record => record with { Checksum = 0 });
        rig.Corrupt("a");
        await Assert.ThrowsAsync<RestoreFailedException>(() => rig.RestoreAsync("a"));
        Assert.True(rig.State("a").States.HasFlag(HsmStates.Released));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(LargeBytes)]
    public async Task What_a_restore_that_died_has_left_is_fetched_anew(int size)
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await rig.MakeReleasedAsync("a", size);
        var mtime = rig.Status("a").MtimeNs;
        rig.Rewrite("a", record => record with { IsRestoring = true });
        await using (var file = new FileStream(rig["a"], FileMode.Open)) file.Write([1, 2, 3]);

        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("a"));
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        Assert.Equal(mtime, rig.Status("a").MtimeNs);
    }

    [Fact]
    public async Task A_time_set_while_the_file_was_released_is_kept()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        File.SetLastWriteTimeUtc(rig["a"], new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        await rig.RestoreAsync("a");
        Assert.Equal(new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), File.GetLastWriteTimeUtc(rig["a"]));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(50_000)]
    [InlineData(0)]
    public async Task A_file_that_was_written_anew_while_nobody_guarded_it_keeps_what_was_written(int size)
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a", 100_000);
        var theirs = TestContent.Bytes(seed: 9, size);
        await File.WriteAllBytesAsync(rig["a"], theirs, Cancellation);

        Assert.Equal(RestoreResult.Overwritten, await rig.RestoreAsync("a"));
        Assert.Equal(theirs, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        Assert.Equal((HsmStates.Exists | HsmStates.Dirty, null), (rig.State("a").States, rig.State("a").Object));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("grow")]
    [InlineData("cut")]
    public async Task A_file_that_was_changed_in_part_while_nobody_guarded_it_is_an_error_and_stays_as_it_is(string change)
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a", 1_000_000);
        await using (var file = new FileStream(rig["a"], FileMode.Open))
        {
            file.Position = 500_000;
            if (change == "write") file.Write([1, 2, 3]);
            else file.SetLength(change == "grow" ? 2_000_000 : 500_000);
        }

        var before = rig.Status("a");
        var error = await Assert.ThrowsAsync<RestoreFailedException>(() => rig.RestoreAsync("a"));
        Assert.Contains("Remove it and import it again", error.Message, StringComparison.Ordinal);
        Assert.Equal((before.SizeBytes, before.BlocksBytes, before.CtimeNs), (rig.Status("a").SizeBytes, rig.Status("a").BlocksBytes, rig.Status("a").CtimeNs));
        Assert.True(rig.State("a").States.HasFlag(HsmStates.Released));
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public async Task On_a_full_disk_a_file_stays_released_and_its_blocks_are_given_back(string kind)
    {
        await using var rig = await HsmRig.CreateAsync(kind);
        var content = await rig.MakeReleasedAsync("a", LargeBytes);
        var before = rig.Status("a");
        Fill(rig["filler"]);

        Assert.Equal(Errno.ENOSPC, (await Assert.ThrowsAsync<PosixException>(() => rig.RestoreAsync("a"))).Errno);

        AssertStillReleased(rig, before);
        File.Delete(rig["filler"]);
        Assert.Equal(RestoreResult.Restored, await rig.RestoreAsync("a"));
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
    }

    [Fact]
    public async Task Many_who_wait_for_one_file_cost_one_request()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        using var all = new Barrier(8);
        rig.Counter.Before = method =>
        {
            // The first to ask holds the file until everybody is there.
            if (method == nameof(IObjectRepository.GetAsync)) all.SignalAndWait(Cancellation);
        };

        var waiting = Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(
            async () =>
            {
                if (number > 0) all.SignalAndWait(Cancellation);
                return await rig.RestoreAsync("a");
            }, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
        var results = await Task.WhenAll(waiting);

        Assert.Contains(RestoreResult.Restored, results);
        Assert.Equal(1, rig.Counter.Of(nameof(IObjectRepository.GetAsync)));
    }

    [Fact]
    public async Task Without_a_guard_a_file_can_be_restored_all_the_same()
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await rig.MakeReleasedAsync("a");
        rig.IsGuarded = false;
        var task = await rig.RunAsync(TaskType.Restore);
        Assert.Equal((TaskLifecycle.Succeeded, (1, 0, 1)), (task.Lifecycle, rig.Counts));
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_restore_task_brings_back_a_tree(string kind)
    {
        await using var rig = await HsmRig.CreateAsync(kind);
        Directory.CreateDirectory(rig["dir/sub"]);
        for (var number = 0; number < 500; number++) await ReleaseTests.MakeAsync(rig, $"dir/sub/{number}", 1000 + number);
        await ReleaseTests.MakeAsync(rig, "dir/large", LargeBytes);
        await ReleaseTests.MakeAsync(rig, "other", 1000);
        await rig.ExportAsync();
        await rig.ReleaseAsync();

        var task = await rig.RunAsync(TaskType.Restore, paths: ["dir"]);

        Assert.Equal((TaskLifecycle.Succeeded, (501, 0, 501)), (task.Lifecycle, rig.Counts));
        for (var number = 0; number < 500; number++)
            Assert.Equal(TestContent.Bytes(seed: 1, 1000 + number), await File.ReadAllBytesAsync(rig[$"dir/sub/{number}"], Cancellation));
        Assert.Equal(TestContent.Bytes(seed: 1, LargeBytes), await File.ReadAllBytesAsync(rig["dir/large"], Cancellation));
        Assert.True(rig.State("other").States.HasFlag(HsmStates.Released));
        Assert.Equal(501, rig.Guard.Calls.Count(call => call == "unwatch"));
    }

    [Fact]
    public async Task Files_that_can_not_be_restored_are_rows_with_the_reason()
    {
        await using var rig = await HsmRig.CreateAsync();
        await ReleaseTests.MakeAsync(rig, "gone", 1000);
        await ReleaseTests.MakeAsync(rig, "corrupt", 1000);
        await ReleaseTests.MakeAsync(rig, "good", 1000);
        await rig.ExportAsync();
        await rig.ReleaseAsync();
        rig.Corrupt("corrupt");
        await rig.Bucket.DeleteAsync(HsmRig.Key("gone"), Cancellation);
        await rig.RunAsync(TaskType.Restore);
        Assert.Equal((1, 2, 3), rig.Counts);
        Assert.Equal(["corrupt,failed,S3Error", "gone,failed,S3ObjectNotFound"], rig.Failures.Order());
    }

    private static void Fill(string path)
    {
        var piece = new byte[1 << 20];
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(piece);
                file.Flush(flushToDisk: true);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static Task PutAsync(HsmRig rig, string name, byte[] content) => rig.Bucket.PutAsync(
        new()
        {
            Key = HsmRig.Key(name), Content = content, Checksum = Repositories.Checksums.Crc64Nvme.Hash(content),
            Metadata = new() { User = new Dictionary<string, string>() },
        },
        StartPermit.Unrestricted, Cancellation);

    private static void AssertStillReleased(HsmRig rig, in FileStatus before)
    {
        using var file = rig.Open("a");
        Assert.Null(FileSystemCalls.SeekData(file, 0));
        var record = rig.State("a").Record!.Value;
        Assert.True(record.States.HasFlag(HsmStates.Released));
        Assert.False(record.IsRestoring);
        Assert.NotNull(rig.State("a").Object);
        Assert.Equal((before.SizeBytes, before.MtimeNs), (rig.Status("a").SizeBytes, rig.Status("a").MtimeNs));
    }
}
