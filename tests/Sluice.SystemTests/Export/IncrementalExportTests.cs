using Sluice.Core.Files;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Export;

/// <summary>A further export sends what changed and nothing else.</summary>
public sealed class IncrementalExportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_export_sends_nothing()
    {
        await using var rig = await RigAsync();
        Assert.Equal(0, await SentAsync(rig));
    }

    [Fact]
    public async Task A_changed_file_is_sent_alone()
    {
        await using var rig = await RigAsync();
        await File.WriteAllTextAsync(Path.Combine(rig.Root, "dir/a"), "another content", Cancellation);

        Assert.Equal(1, await SentAsync(rig));
        Assert.Equal("another content"u8.ToArray(), await rig.ReadAsync("dir/a", Cancellation));
    }

    [Fact]
    public async Task A_change_that_keeps_size_and_mtime_is_noticed()
    {
        await using var rig = await RigAsync();
        var path = Path.Combine(rig.Root, "dir/a");
        var mtime = File.GetLastWriteTimeUtc(path);
        var content = await File.ReadAllBytesAsync(path, Cancellation);
        content[0] ^= 1;
        await File.WriteAllBytesAsync(path, content, Cancellation);
        File.SetLastWriteTimeUtc(path, mtime);

        Assert.Equal(1, await SentAsync(rig));
        Assert.Equal(content, await rig.ReadAsync("dir/a", Cancellation));
    }

    [Fact]
    public async Task A_new_mode_only_replaces_the_metadata()
    {
        await using var rig = await RigAsync();
        var before = await rig.HeadAsync("dir/a", Cancellation);
        File.SetUnixFileMode(Path.Combine(rig.Root, "dir/a"), UnixFileMode.UserRead);

        Assert.Equal(1, await SentAsync(rig));
        var after = await rig.HeadAsync("dir/a", Cancellation);
        Assert.Equal("0100400", after.Metadata.User[PosixMetadata.Permissions]);
        Assert.Equal(before.ETag, after.ETag);
    }

    [Fact]
    public async Task A_renamed_file_is_sent_under_its_new_name_and_the_old_object_stays()
    {
        await using var rig = await RigAsync();
        File.Move(Path.Combine(rig.Root, "dir/a"), Path.Combine(rig.Root, "dir/z"));

        Assert.Equal(1, await SentAsync(rig));
        Assert.Equal(["", "dir/", "dir/a", "dir/b", "dir/z", "link"], await rig.KeysAsync(Cancellation));
    }

    [Fact]
    public async Task A_touched_file_with_the_same_content_is_looked_at_and_not_sent_twice()
    {
        await using var rig = await RigAsync();
        File.Move(Path.Combine(rig.Root, "dir/a"), Path.Combine(rig.Root, "dir/tmp"));
        File.Move(Path.Combine(rig.Root, "dir/tmp"), Path.Combine(rig.Root, "dir/a"));

        Assert.Equal(0, await SentAsync(rig));
    }

    [Fact]
    public async Task A_deleted_file_keeps_its_object()
    {
        await using var rig = await RigAsync();
        File.Delete(Path.Combine(rig.Root, "dir/a"));

        Assert.Equal(0, await SentAsync(rig));
        Assert.Contains("dir/a", await rig.KeysAsync(Cancellation));
    }

    [Fact]
    public async Task A_lost_ledger_costs_sending_again_and_nothing_else()
    {
        await using var rig = await RigAsync();
        _ = (await ProcessRunner.RunAsync(
            new(Require.Tool("setfattr")) { Arguments = ["-x", "trusted.sluice", Path.Combine(rig.Root, "dir/a")] }, Cancellation)).EnsureSuccess();

        Assert.Equal(1, await SentAsync(rig));
        Assert.Equal(0, await SentAsync(rig));
    }

    private static async Task<ExportRig> RigAsync()
    {
        Require.Root();
        var tree = new TreeBuilder().File("dir/a", 1000, seed: 1).File("dir/b", 2000, seed: 2).Symlink("link", "dir");
        var rig = await ExportRig.StartAsync(tree, 8, Cancellation);
        Assert.Equal(5, await SentAsync(rig));
        return rig;
    }

    private static async Task<long> SentAsync(ExportRig rig)
    {
        var task = await rig.ExportAsync(Cancellation);
        Assert.Equal("SUCCEEDED", task.Lifecycle);
        Assert.Equal(task.Status!.TotalCount, task.Status.SucceededCount);
        return task.Status.SucceededCount!.Value;
    }
}
