using System.Text.Json;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice release</c>, <c>restore</c>, <c>dra create --import</c> and what is deleted, where files can be guarded.</summary>
public sealed class GuardedCommandTests(GuardedServer guarded) : IClassFixture<GuardedServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Local_paths_are_released_shown_with_their_objects_and_restored()
    {
        await guarded.ExportedAsync("paths", new TreeBuilder().Text("dir/a", "content of a").Text("dir/b", "b").Text("kept", "kept"));

        var released = (await guarded.RunAsync("release", guarded["paths/dir"])).EnsureSuccess();
        var state = (await guarded.RunAsync("file", "state", guarded["paths/dir/a"], guarded["paths/kept"])).EnsureSuccess();

        Assert.StartsWith("SUCCEEDED: 2 files released, 0 failed (task-", released.Output, StringComparison.Ordinal);
        Assert.Equal(
            $"{guarded["paths/dir/a"]}: (0x0000000d) released exists archived s3://bucket-1/paths/dir/a\n{guarded["paths/kept"]}: (0x00000009) exists archived\n",
            state.Output);
        Assert.Equal("content of a", await File.ReadAllTextAsync(guarded["paths/dir/a"], Cancel));
        var restored = (await guarded.RunAsync("restore", guarded["paths"])).EnsureSuccess();
        Assert.StartsWith("SUCCEEDED: 1 file restored, 0 failed (task-", restored.Output, StringComparison.Ordinal);
        Assert.EndsWith(": (0x00000009) exists archived\n", (await guarded.RunAsync("file", "state", guarded["paths/dir/b"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_younger_than_asked_for_keep_their_data()
    {
        await guarded.ExportedAsync("young", new TreeBuilder().Text("a", "a"));

        var result = (await guarded.RunAsync("release", guarded["young"], "--older-than", "1")).EnsureSuccess();

        Assert.StartsWith("SUCCEEDED: 0 files released, 0 failed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_in_the_bucket_fails_its_release()
    {
        await guarded.ExportedAsync("unexported", new TreeBuilder().Text("a", "a"));
        await File.WriteAllTextAsync(guarded["unexported/new"], "new", Cancel);

        var result = await guarded.RunAsync("release", guarded["unexported"]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("FAILED: 1 file released, 1 failed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_with_an_import_has_exactly_one_import_task_when_it_is_available()
    {
        await guarded.ExportedAsync("origin", new TreeBuilder().Text("dir/a", "from the bucket"));
        Directory.CreateDirectory(guarded["first"]);
        var fs = await guarded.AskAsync("fs", "create", "--root", guarded["first"]);

        await guarded.AskAsync("dra", "create", fs, "/", "s3://bucket-1/origin", "--import");

        using var json = JsonDocument.Parse((await guarded.RunAsync("task", "list", "--fs", fs, "--json")).EnsureSuccess().Output);
        var task = Assert.Single(json.RootElement.GetProperty("DataRepositoryTasks").EnumerateArray());
        Assert.Equal("IMPORT_METADATA_FROM_REPOSITORY", task.GetProperty("Type").GetString());
        Assert.Equal("s3://bucket-1/origin", Assert.Single(task.GetProperty("Paths").EnumerateArray()).GetString());
        Assert.False(task.GetProperty("Report").GetProperty("Enabled").GetBoolean());
        (await guarded.RunAsync("task", "watch", task.GetProperty("TaskId").GetString()!)).EnsureSuccess();
        Assert.Contains("s3://bucket-1/origin/dir/a", (await guarded.RunAsync("file", "state", guarded["first/dir/a"])).Output, StringComparison.Ordinal);
        Assert.Equal("from the bucket", await File.ReadAllTextAsync(guarded["first/dir/a"], Cancel));
    }

    [Fact]
    public async Task Released_files_are_deleted_without_being_restored()
    {
        var (fs, link) = await guarded.ExportedAsync("dropped", new TreeBuilder().Text("dir/a", "a").Text("b", "b"));
        (await guarded.RunAsync("release", guarded["dropped"])).EnsureSuccess();

        // Nothing could be restored any more.
        Directory.Delete(guarded.BucketPath("dropped"), recursive: true);
        await guarded.AskAsync("dra", "delete", link, "--delete-data-in-file-system");
        while ((await guarded.RunAsync("dra", "show", link)).ExitCode == 0)
        {
        }

        Assert.Empty(Directory.GetFileSystemEntries(guarded["dropped"]));
        Assert.Equal($"{fs} DELETING", await guarded.AskAsync("fs", "delete", fs));
    }
}
