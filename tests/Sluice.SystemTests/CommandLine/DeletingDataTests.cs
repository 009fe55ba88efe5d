using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>What goes with an association or a file system, and what never does.</summary>
public sealed class DeletingDataTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deleting_a_link_with_its_data_removes_what_is_beneath_its_directory_and_nothing_else()
    {
        var outside = Directory.CreateDirectory(api.Temp["outside"]);
        await File.WriteAllTextAsync(Path.Combine(outside.FullName, "kept"), "kept", Cancel);
        var fs = await api.AdoptAsync("wiped", new TreeBuilder().Text("linked/a", "a").Text("linked/b/c", "c").Symlink("linked/out", "../../outside").Text("beside", "b"));
        var id = await api.AskAsync("dra", "create", fs, "/linked", "s3://bucket-1/wiped");
        (await api.RunAsync("task", "export", fs, "--watch")).EnsureSuccess();

        Assert.Equal($"{id} DELETING", await api.AskAsync("dra", "delete", id, "--delete-data-in-file-system"));
        await GoneAsync("dra", "show", id);

        Assert.Empty(Directory.GetFileSystemEntries(api.Temp["wiped/linked"]));
        Assert.Equal("kept", await File.ReadAllTextAsync(api.Temp["outside/kept"], Cancel));
        Assert.True(File.Exists(api.Temp["wiped/beside"]));
        Assert.True(File.Exists(Path.Combine(api.Server.DataDirectory, "buckets/bucket-1/objects/wiped/b/c")));
    }

    [Fact]
    public async Task A_link_whose_directory_became_a_symlink_is_not_followed()
    {
        var outside = Directory.CreateDirectory(api.Temp["elsewhere"]);
        await File.WriteAllTextAsync(Path.Combine(outside.FullName, "kept"), "kept", Cancel);
        var fs = await api.AdoptAsync("turned", new TreeBuilder().Directory("linked"));
        var id = await api.AskAsync("dra", "create", fs, "/linked", "s3://bucket-1/turned");
        Directory.Delete(api.Temp["turned/linked"]);
        Directory.CreateSymbolicLink(api.Temp["turned/linked"], outside.FullName);

        await api.AskAsync("dra", "delete", id, "--delete-data-in-file-system");
        ProcessResult shown;
        do shown = await api.RunAsync("dra", "show", id);
        while (shown.Output.Contains("DELETING", StringComparison.Ordinal));

        Assert.Matches("State: +FAILED\n", shown.Output);
        Assert.Equal("kept", await File.ReadAllTextAsync(api.Temp["elsewhere/kept"], Cancel));
    }

    [Fact]
    public async Task A_file_system_of_the_servers_own_goes_with_everything_in_it_but_not_what_its_symlinks_lead_to()
    {
        var fs = await api.AskAsync("fs", "create");
        await api.AskAsync("dra", "create", fs, "/", "s3://bucket-1/own-files");
        var root = Path.Combine(api.Server.DataDirectory, "filesystems", fs);
        Directory.CreateDirectory(Path.Combine(root, "deep/er"));
        await File.WriteAllTextAsync(api.Temp["linked-to"], "kept", Cancel);
        File.CreateSymbolicLink(Path.Combine(root, "deep/er/link"), api.Temp["linked-to"]);

        await api.AskAsync("fs", "delete", fs);
        await GoneAsync("fs", "show", fs);

        Assert.False(Directory.Exists(root));
        Assert.True(File.Exists(api.Temp["linked-to"]));
    }

    private async Task GoneAsync(params string[] command)
    {
        while ((await api.RunAsync(command)).ExitCode == 0)
        {
        }
    }
}
