using Sluice.Core.Files;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Export;

/// <summary>What an export makes of a tree.</summary>
public sealed class ExportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_file_by_its_bare_name_has_its_content_and_its_posix_metadata()
    {
        Require.Root();
        var tree = new TreeBuilder().File("file", 100, seed: 1, mode: 0x1FF, uid: 6666, gid: 6666, modifiedNs: 1_600_000_000_123_456_789).File("other", 5);
        await using var rig = await ExportRig.StartAsync(tree, 8, Cancellation);

        var task = await rig.ExportAsync(Cancellation, "file");

        Assert.Equal("SUCCEEDED", task.Lifecycle);
        Assert.Equal((1, 1, 0), (task.Status!.TotalCount, task.Status.SucceededCount, task.Status.FailedCount));
        Assert.Equal(["file"], await rig.KeysAsync(Cancellation));
        Assert.Equal(tree.ContentOf("file"), await rig.ReadAsync("file", Cancellation));
        var user = (await rig.HeadAsync("file", Cancellation)).Metadata.User;
        Assert.Equal("0100777", user[PosixMetadata.Permissions]);
        Assert.Equal("6666", user[PosixMetadata.Owner]);
        Assert.Equal("6666", user[PosixMetadata.Group]);
        Assert.Equal("1600000000123456789ns", user[PosixMetadata.Mtime]);
        Assert.EndsWith("ns", user[PosixMetadata.Atime], StringComparison.Ordinal);
        Assert.Equal("aws-fsx-lustre", user[PosixMetadata.UserAgent]);
    }

    [Fact]
    public async Task Files_directories_and_symlinks_become_objects_and_special_files_do_not()
    {
        var tree = new TreeBuilder()
            .Directory("empty").File("dir/file", 10, seed: 2).File("dir/none").Sparse("dir/sparse", 3 << 20, 3, new TreeExtent(1 << 20, 4096))
            .Symlink("dir/link", "../somewhere/else").HardLink("twin", "dir/file").Fifo("fifo").Socket("socket").File("new\nline", 1, seed: 4);
        await using var rig = await ExportRig.StartAsync(tree, 8, Cancellation);

        var task = await rig.ExportAsync(Cancellation);

        Assert.Equal("SUCCEEDED", task.Lifecycle);
        Assert.Equal(["", "dir/", "dir/file", "dir/link", "dir/none", "dir/sparse", "empty/", "new\nline", "twin"], await rig.KeysAsync(Cancellation));
        foreach (var file in new[] { "dir/file", "dir/none", "dir/sparse", "new\nline", "twin" })
            Assert.Equal(tree.ContentOf(file), await rig.ReadAsync(file, Cancellation));
        Assert.Equal("../somewhere/else", System.Text.Encoding.UTF8.GetString(await rig.ReadAsync("dir/link", Cancellation)));
        Assert.StartsWith("012", (await rig.HeadAsync("dir/link", Cancellation)).Metadata.User[PosixMetadata.Permissions], StringComparison.Ordinal);
        Assert.StartsWith("0040", (await rig.HeadAsync("empty/", Cancellation)).Metadata.User[PosixMetadata.Permissions], StringComparison.Ordinal);
        Assert.Equal(9, task.Status!.SucceededCount);
    }

    [Fact]
    public async Task A_large_file_is_sent_in_parts_and_leaves_nothing_behind()
    {
        const int Size = (40 << 20) + 12_345;
        var tree = new TreeBuilder().Sparse("large", Size, 5, new TreeExtent(0, 100), new TreeExtent(17 << 20, 5_000_000), new TreeExtent(Size - 9, 9));
        await using var rig = await ExportRig.StartAsync(tree, 8, Cancellation);

        Assert.Equal("SUCCEEDED", (await rig.ExportAsync(Cancellation, "large")).Lifecycle);

        Assert.EndsWith("-6", (await rig.HeadAsync("large", Cancellation)).ETag, StringComparison.Ordinal);
        var stored = await rig.ReadAsync("large", Cancellation);
        Assert.True(tree.ContentOf("large").AsSpan().SequenceEqual(stored));
        Assert.Empty(await rig.Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.BucketPath, "staging")));
    }

    [Fact]
    public async Task Names_that_are_no_keys_are_rows_of_the_report()
    {
        var deep = string.Join('/', Enumerable.Repeat(new string('d', 250), 4));
        var tree = new TreeBuilder().File($"{deep}/{new string('f', 100)}", 1).File(new byte[] { (byte)'x', 0xFF }, 1).File("=good", 1);
        await using var rig = await ExportRig.StartAsync(tree, 8, Cancellation);

        var task = await rig.ExportAsync(Cancellation);

        Assert.Equal("FAILED", task.Lifecycle);
        Assert.Equal((8, 6, 2), (task.Status!.TotalCount, task.Status.SucceededCount, task.Status.FailedCount));
        Assert.Contains("2 files", task.FailureDetails!.Message, StringComparison.Ordinal);
        var rows = (await rig.ReportAsync(task, Cancellation)).TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal).ToList();
        Assert.Equal([$"{deep}/{new string('f', 100)},failed,PathSizeTooLong", "x\uFFFD,failed,InternalError"], rows);
    }

    [Fact]
    public async Task Overlapping_paths_count_once_and_a_missing_path_fails_the_task_by_name()
    {
        await using var rig = await ExportRig.StartAsync(new TreeBuilder().File("a/b/c", 1).File("a/d", 1).File("e", 1), 8, Cancellation);

        var overlapping = await rig.ExportAsync(Cancellation, "a", "/a/b/", "a/b/c", "a");
        Assert.Equal(("SUCCEEDED", 4L), (overlapping.Lifecycle, overlapping.Status!.SucceededCount!.Value));
        Assert.Equal(["a/", "a/b/", "a/b/c", "a/d"], await rig.KeysAsync(Cancellation));

        var missing = await rig.ExportAsync(Cancellation, "e", "not/there");
        Assert.Equal("FAILED", missing.Lifecycle);
        Assert.Contains("'not/there'", missing.FailureDetails!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("e", await rig.KeysAsync(Cancellation));
    }

    [Fact]
    public async Task A_bucket_that_goes_away_fails_the_task_with_advice_and_the_next_export_sends_everything()
    {
        await using var rig = await ExportRig.StartAsync(new TreeBuilder().File("a", 1).File("b", 1), 8, Cancellation);
        Directory.Move(rig.BucketPath, rig.BucketPath + ".away");

        var failed = await rig.ExportAsync(Cancellation);
        Assert.Equal("FAILED", failed.Lifecycle);
        Assert.Contains("The bucket does not exist", failed.FailureDetails!.Message, StringComparison.Ordinal);

        Directory.Move(rig.BucketPath + ".away", rig.BucketPath);
        var again = await rig.ExportAsync(Cancellation);
        Assert.Equal(("SUCCEEDED", 3L), (again.Lifecycle, again.Status!.SucceededCount!.Value));
    }
}
