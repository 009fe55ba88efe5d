using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Import;

/// <summary>Keys that are no paths, things in the way, objects that can't be had.</summary>
public sealed class ImportConflictTests
{
    [Fact]
    public async Task Keys_that_are_no_paths_are_rows_and_nothing_else()
    {
        await using var rig = await ImportRig.StartAsync();
        string[] bad = ["a//b", "/lead", "x/./y", "x/../../../etc/passwd", "..", ".", "dir/../", "//", new string('n', 256), "d/" + new string('n', 256) + "/f"];
        string[] good = ["new\nline", "tab\tname", "...", "..x", ".hidden", new string('n', 255), "\u0001", "é/日本"];
        foreach (var key in bad.Concat(good)) await rig.PutAsync(key, "x");
        var task = await rig.ImportAsync();

        Assert.Equal((bad.Length, good.Length), (task.Progress!.Value.FailedCount, task.Progress.Value.SucceededCount));
        var report = await rig.ReportAsync(task);
        Assert.Equal(bad.Length, report.Split(",failed,S3ObjectPathNotPosixCompliant\n").Length - 1);
        Assert.Equal(good.Append("é/").Order(StringComparer.Ordinal), rig.Paths());
    }

    [Fact]
    public async Task A_file_and_a_directory_of_one_name_can_not_both_be()
    {
        await using var rig = await ImportRig.StartAsync();
        Directory.CreateDirectory(Path.Combine(rig.Root, "dir"));
        await File.WriteAllTextAsync(Path.Combine(rig.Root, "file"), "data", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(rig.Root, "link"), "file");
        await rig.PutAsync("dir", "x");
        await rig.PutAsync("file/", "");
        await rig.PutAsync("file/below", "x");
        await rig.PutAsync("link", "x");
        var task = await rig.ImportAsync();

        Assert.Equal(4, task.Progress!.Value.FailedCount);
        var rows = (await rig.ReportAsync(task)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order();
        Assert.Equal(["dir", "file", "file/below", "link"], rows.Select(row => row.Split(',')[0]));
        Assert.All(rows, row => Assert.EndsWith(",failed,S3ObjectTypeMismatch", row));
        Assert.Equal(["dir/", "file", "link"], rig.Paths());
        Assert.Equal("data", await File.ReadAllTextAsync(Path.Combine(rig.Root, "file"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_symlink_in_a_path_is_never_followed()
    {
        await using var rig = await ImportRig.StartAsync();
        await using var outside = TempDirectory.Create();
        File.CreateSymbolicLink(Path.Combine(rig.Root, "planted"), outside.Path);
        Directory.CreateDirectory(Path.Combine(rig.Root, "inner"));
        File.CreateSymbolicLink(Path.Combine(rig.Root, "inner/up"), "..");
        await rig.PutAsync("planted/file", "x");
        await rig.PutAsync("planted/new/file", "x");
        await rig.PutAsync("planted/", "", ("file-permissions", "0040777"));
        await rig.PutAsync("inner/up/file", "x");

        // A symlink the bucket itself brings.
        await rig.PutAsync("a", outside.Path, ("file-permissions", "0120777"));
        await rig.PutAsync("a/file", "x");
        var task = await rig.ImportAsync();
        Assert.Equal(5, task.Progress!.Value.FailedCount);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside.Path));
        Assert.False(File.Exists(Path.Combine(rig.Root, "file")));
        Assert.Equal(0x1C0u, File.GetUnixFileMode(outside.Path) is var mode ? (uint)mode : 0);
    }

    [Fact]
    public async Task A_directory_swapped_for_a_symlink_in_the_midst_leads_nowhere()
    {
        await using var rig = await ImportRig.StartAsync();
        await using var outside = TempDirectory.Create();
        for (var i = 0; i < 40; i++) await rig.PutAsync($"dir/sub{i}/file", "x");
        rig.Guard.OnWatch = count =>
        {
            if (count != 5) return;
            Directory.Move(Path.Combine(rig.Root, "dir"), Path.Combine(rig.Root, "moved"));
            File.CreateSymbolicLink(Path.Combine(rig.Root, "dir"), outside.Path);
        };
        _ = await rig.ImportAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside.Path));
    }

    [Fact]
    public async Task Objects_in_an_archive_are_imported_with_a_warning_and_symlinks_there_fail()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("file", "x");
        await rig.PutAsync("tiered", "x");
        await rig.PutAsync("instant", "x");
        await rig.PutAsync("link", "x", ("file-permissions", "0120777"));
        rig.Seen = new WatchedBucket(rig.Bucket)
        {
            OnHead = (key, head) => key[ImportRig.Prefix.Length..] switch
            {
                "tiered" => head! with { StorageClass = "INTELLIGENT_TIERING", ArchiveStatus = "ARCHIVE_ACCESS" },
                "instant" => head! with { StorageClass = "GLACIER_IR" },
                _ => head! with { StorageClass = "DEEP_ARCHIVE" },
            },
        };
        var task = await rig.ImportAsync();
        Assert.Equal(["file", "instant", "tiered"], rig.Paths());
        Assert.Equal((TaskLifecycle.Failed, 3L, 1L), (task.Lifecycle, task.Progress!.Value.SucceededCount, task.Progress.Value.FailedCount));
        var rows = (await rig.ReportAsync(task)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order();
        Assert.Equal(
            [
                "file,succeeded with warning,S3ObjectInUnsupportedTier", "link,failed,S3SymlinkInUnsupportedTier",
                "tiered,succeeded with warning,S3ObjectInUnsupportedTier",
            ],
            rows);
    }

    [Fact]
    public async Task A_warning_alone_does_not_fail_the_task()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("file", "x");
        rig.Seen = new WatchedBucket(rig.Bucket) { OnHead = (_, head) => head! with { StorageClass = "GLACIER" } };
        var task = await rig.ImportAsync();
        Assert.Equal(TaskLifecycle.Succeeded, task.Lifecycle);
        Assert.NotEqual("", await rig.ReportAsync(task));
    }

    [Fact]
    public async Task What_vanished_or_is_denied_is_a_row_with_its_code()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("gone", "x");
        await rig.PutAsync("denied", "x");
        await rig.PutAsync("fine", "x");
        rig.Seen = new WatchedBucket(rig.Bucket)
        {
            OnHead = (key, head) => key.EndsWith("gone", StringComparison.Ordinal)
                ? null
                : key.EndsWith("denied", StringComparison.Ordinal)
                    ? throw new RepositoryException(RepositoryErrorCode.AccessDenied, "No.", isTransient: false)
                    : head,
        };
        var rows = (await rig.ReportAsync(await rig.ImportAsync())).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order();
        Assert.Equal(["denied,failed,S3AccessDenied", "gone,failed,S3ObjectNotFound"], rows);
        Assert.Equal(["fine"], rig.Paths());
    }

    [Fact]
    public async Task A_listing_that_fails_fails_the_task_after_what_is_in_flight_is_done()
    {
        await using var rig = await ImportRig.StartAsync();
        for (var i = 0; i < 500; i++) await rig.PutAsync($"d/{i:d3}", "x");
        rig.Seen = new WatchedBucket(rig.Bucket)
        {
            OnList = item => item.Key.EndsWith("300", StringComparison.Ordinal)
                ? throw new RepositoryException(RepositoryErrorCode.AccessDenied, "Listing is denied.", isTransient: false)
                : item,
        };
        var task = await rig.ImportAsync();
        Assert.Equal(TaskLifecycle.Failed, task.Lifecycle);
        Assert.Contains("Listing is denied.", task.FailureMessage, StringComparison.Ordinal);
        Assert.Equal(task.Progress!.Value.SucceededCount, rig.Paths().Count - 1);
    }

    [Fact]
    public async Task Without_a_guard_nothing_is_imported_and_the_reason_is_told()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("file", "x");
        rig.Guards = new NoGuards("This file system can't be guarded.");
        var task = await rig.ImportAsync();
        Assert.Equal((TaskLifecycle.Failed, "This file system can't be guarded."), (task.Lifecycle, task.FailureMessage));
        Assert.Empty(rig.Paths());
    }

    [Fact]
    public async Task A_full_file_system_stops_the_task_with_advice()
    {
        await using var rig = await ImportRig.StartAsync();
        for (var i = 0; i < 300; i++) await rig.PutAsync($"f{i}", "x");
        rig.Guard.OnWatch = count => throw new PosixException(Errno.ENOSPC, "linkat");
        var task = await rig.ImportAsync();
        Assert.Equal(TaskLifecycle.Failed, task.Lifecycle);
        Assert.Contains("Make room", task.FailureMessage, StringComparison.Ordinal);
        Assert.Contains(",failed,InternalError", await rig.ReportAsync(task), StringComparison.Ordinal);
        Assert.Empty(rig.Paths());
    }
}
