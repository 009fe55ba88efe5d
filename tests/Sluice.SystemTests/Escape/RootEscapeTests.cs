using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>Roots and paths that callers name, to get at what they may not have.</summary>
public sealed class RootEscapeTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_root_that_is_beneath_no_allowed_one_by_whatever_spelling_is_refused()
    {
        await using var outside = TempDirectory.Create();
        Directory.CreateDirectory(api.Temp["real/dir"]);
        Directory.CreateSymbolicLink(api.Temp["to-outside"], outside.Path);
        Directory.CreateSymbolicLink(api.Temp["real/up"], "../..");
        Directory.CreateSymbolicLink(api.Temp["to-data"], api.Server.DataDirectory);
        string[] roots =
        [
            outside.Path, api.Temp["to-outside"], api.Temp["real/up"], api.Temp["real/../.."], api.Temp["real/dir/../../.."], api.Temp.Path + "-beside", "/", "//", "/proc/self/root",
            "/proc/self/cwd", api.Temp["to-data"], api.Server.DataDirectory, Path.Combine(api.Server.DataDirectory, "buckets"),
        ];
        foreach (var root in roots) await AssertRefusedAsync("fs", "create", "--root", root);
        Assert.DoesNotContain(outside.Path, (await api.RunAsync("fs", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Symlinks_that_go_round_in_circles_are_refused_and_no_fault_of_the_server()
    {
        File.CreateSymbolicLink(api.Temp["circle"], "circle");
        File.CreateSymbolicLink(api.Temp["ping"], "pong");
        File.CreateSymbolicLink(api.Temp["pong"], "ping");
        foreach (var path in new[] { "circle", "ping", "circle/below", "ping/below/deeper" })
        {
            await AssertRefusedAsync("fs", "create", "--root", api.Temp[path]);
            await AssertRefusedAsync("restore", api.Temp[path]);
        }
    }

    [Fact]
    public async Task A_root_that_can_not_be_followed_any_more_does_not_stand_in_the_way_of_others()
    {
        await api.AdoptAsync("went-in-circles", new TreeBuilder());
        await api.AdoptAsync("intact", new TreeBuilder().Text("file", "x"));
        Directory.Delete(api.Temp["went-in-circles"]);
        File.CreateSymbolicLink(api.Temp["went-in-circles"], "went-in-circles");

        (await api.RunAsync("restore", api.Temp["intact/file"])).EnsureSuccess();
        await AssertRefusedAsync("restore", api.Temp["went-in-circles"]);
    }

    [Fact]
    public async Task Roots_do_not_overlap_by_whatever_spelling()
    {
        var first = await api.AdoptAsync("outer", new TreeBuilder().Text("inner/file", "x"));
        Directory.CreateSymbolicLink(api.Temp["alias-of-inner"], api.Temp["outer/inner"]);
        foreach (var root in new[] { "outer", "outer/", "outer/inner", "outer/./inner/..", "alias-of-inner", "." }) await AssertRefusedAsync("fs", "create", "--root", api.Temp[root]);
        Assert.Contains(first, (await api.RunAsync("fs", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_that_became_a_symlink_is_not_followed()
    {
        await using var outside = TempDirectory.Create().With(new TreeBuilder().Text("secret", Canaries.Secret).Text("linked/secret", Canaries.Secret));
        using var canaries = Canaries.Of(outside.Path);
        var fs = await api.AdoptAsync("swapped/root", new TreeBuilder().Text("file", "x").Directory("linked"));
        var link = await api.AskAsync("dra", "create", fs, "/linked", "s3://bucket-1/swapped-root");
        foreach (var name in new[] { "swapped/root", "swapped" })
        {
            // The root itself, then a directory above it.
            Directory.Move(api.Temp[name], api.Temp[name + ".kept"]);
            Directory.CreateSymbolicLink(api.Temp[name], outside.Path);
            if (name == "swapped") Directory.CreateSymbolicLink(Path.Combine(outside.Path, "root"), outside.Path);

            var export = await api.RunAsync("task", "export", fs, "--watch");
            Assert.Equal(1, export.ExitCode);
            Assert.Contains("root directory can't be opened", export.Output + export.Error, StringComparison.Ordinal);
            Assert.Equal(1, (await api.RunAsync("task", "restore", fs, "--watch")).ExitCode);
            File.Delete(api.Temp[name]);
            Directory.Move(api.Temp[name + ".kept"], api.Temp[name]);
            if (name == "swapped") File.Delete(Path.Combine(outside.Path, "root"));
        }

        Directory.Move(api.Temp["swapped/root"], api.Temp["swapped/root.kept"]);
        Directory.CreateSymbolicLink(api.Temp["swapped/root"], outside.Path);
        await api.AskAsync("dra", "delete", link, "--delete-data-in-file-system");
        ProcessResult shown;
        do shown = await api.RunAsync("dra", "show", link);
        while (shown.Output.Contains("DELETING", StringComparison.Ordinal));

        Assert.Matches("State: +FAILED\n", shown.Output);
        Assert.Equal(Canaries.Secret, await File.ReadAllTextAsync(Path.Combine(outside.Path, "linked/secret"), Cancellation));
        Assert.False(Directory.Exists(Path.Combine(api.Server.DataDirectory, "buckets/bucket-1/objects/swapped-root")));
    }

    [Fact]
    public async Task Paths_of_associations_and_tasks_never_leave_the_root()
    {
        var outside = api.Temp["beside-paths"];
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), Canaries.Secret, Cancellation);
        var fs = await api.AdoptAsync("paths", new TreeBuilder().Text("dir/file", "x").Symlink("out", "../beside-paths").Symlink("abs", outside).Text("..x/...", "odd"));
        foreach (var path in new[] { "/..", "/../beside-paths", "/dir/../..", "..", "/dir/..", "relative" })
            await AssertRefusedAsync("dra", "create", fs, path, "s3://bucket-1/paths");
        await api.AskAsync("dra", "create", fs, "/", "s3://bucket-1/paths");
        foreach (var path in new[] { "..", "/..", "../beside-paths", "dir/../..", "/dir/../../beside-paths/secret" }) await AssertRefusedAsync("task", "export", fs, path);

        // What the path means only the file system tells. A symlink is exported as itself.
        foreach (var path in new[] { "out/secret", "abs/secret", outside, "/proc/self/root", "dir/file/x" })
            Assert.Equal(1, (await api.RunAsync("task", "export", fs, "--watch", path)).ExitCode);
        foreach (var path in new[] { "out", "//dir//file", "/./dir/./", "dir/file/.", "..x/..." }) Assert.Equal(0, (await api.RunAsync("task", "export", fs, "--watch", path)).ExitCode);

        var objects = Path.Combine(api.Server.DataDirectory, "buckets/bucket-1/objects/paths");
        Assert.All(Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories), file => Assert.False(Canaries.IsIn(File.ReadAllBytes(file)), file));
    }

    [Fact]
    public async Task A_report_stays_beneath_the_linked_prefix()
    {
        var fs = await api.AdoptAsync("reported", new TreeBuilder().Text($"{string.Join('/', Enumerable.Repeat(new string('d', 195), 5))}/{new string('n', 60)}", "x"));
        await api.AskAsync("dra", "create", fs, "/", "s3://bucket-1/reported/data");
        foreach (var path in new[] { "s3://bucket-2/x", "s3://bucket-1", "s3://bucket-1/reported", "s3://bucket-1/reported/data2", "s3://bucket-1/reported/./data", "reported/data", "file:///tmp" })
            await AssertRefusedAsync("task", "export", fs, "--report", path);

        // To a bucket ".." is a name like any other.
        var result = await api.RunAsync("task", "export", fs, "--watch", "--report", "s3://bucket-1/reported/data/../../../../bucket-2/x");

        Assert.Equal(1, result.ExitCode);
        var buckets = Path.Combine(api.Server.DataDirectory, "buckets");
        var report = Assert.Single(Directory.EnumerateFiles(buckets, "failures.csv", SearchOption.AllDirectories), file => file.Contains("/reported/", StringComparison.Ordinal));
        Assert.StartsWith(Path.Combine(buckets, "bucket-1/objects/reported/data/%2E%2E"), report, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(buckets, "bucket-2"), "*.csv", SearchOption.AllDirectories));
    }

    private async Task AssertRefusedAsync(params string[] command)
    {
        var result = await api.RunAsync(command);
        Assert.True(result.ExitCode is 2 or 4, $"{string.Join(' ', command)}: {result.ExitCode} {result.Output}{result.Error}");
        if (result.ExitCode == 4) Assert.StartsWith("sluice: BadRequest: ", result.Error, StringComparison.Ordinal);
    }
}
