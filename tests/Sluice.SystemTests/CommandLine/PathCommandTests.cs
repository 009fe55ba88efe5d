using System.Text.Json;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice release PATH…</c>, <c>sluice restore PATH…</c> and the tasks they are made of, where nothing can be released.</summary>
public sealed class PathCommandTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Local_paths_become_a_task_of_each_file_system()
    {
        var (one, two) = (await LinkedAsync("paths-one"), await LinkedAsync("paths-two"));

        var result = await api.RunAsync("restore", api.Temp["paths-one/dir"], api.Temp["paths-two"], api.Temp["paths-one/dir/../dir"], "--json");

        using var json = JsonDocument.Parse(result.EnsureSuccess().Output);
        var tasks = json.RootElement.GetProperty("DataRepositoryTasks").EnumerateArray().ToList();
        Assert.Equal([one, two], tasks.Select(task => task.GetProperty("FileSystemId").GetString()));
        Assert.Equal([["/dir"], ["/"]], tasks.Select(task => task.GetProperty("Paths").EnumerateArray().Select(path => path.GetString())));
        Assert.All(tasks, task => Assert.Equal("SUCCEEDED", task.GetProperty("Lifecycle").GetString()));
        Assert.All(tasks, task => Assert.Equal("RESTORE_DATA_TO_FILESYSTEM", task.GetProperty("Type").GetString()));
    }

    [Fact]
    public async Task A_relative_path_and_one_through_a_symlink_lead_to_the_same_file()
    {
        var fs = await LinkedAsync("alias-target");
        Directory.CreateSymbolicLink(api.Temp["alias"], api.Temp["alias-target"]);
        File.CreateSymbolicLink(api.Temp["alias-file"], api.Temp["alias/dir/a"]);
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, api.Temp["alias/dir/a"]);

        foreach (var path in new[] { relative, api.Temp["alias-file"], api.Temp["alias/dir/./a"] })
        {
            using var json = JsonDocument.Parse((await api.RunAsync("restore", path, "--json")).EnsureSuccess().Output);
            var task = json.RootElement.GetProperty("DataRepositoryTasks")[0];
            Assert.Equal((fs, "/dir/a"), (task.GetProperty("FileSystemId").GetString(), task.GetProperty("Paths")[0].GetString()));
        }
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("release")]
    public async Task A_path_of_no_file_system_is_refused_by_name_and_nothing_is_started(string command)
    {
        var fs = await LinkedAsync($"beside-{command}");
        Directory.CreateDirectory(api.Temp[$"beside-{command}-2"]);
        foreach (var path in new[] { api.Temp[$"beside-{command}-2"], "/", api.Temp["no/such/directory/at-all"] })
        {
            var result = await api.RunAsync(command, api.Temp[$"beside-{command}/dir"], path);

            Assert.Equal(4, result.ExitCode);
            Assert.StartsWith("sluice: BadRequest: ", result.Error, StringComparison.Ordinal);
            Assert.Contains($"'{path}'", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal("(none)\n", (await api.RunAsync("task", "list", "--fs", fs)).EnsureSuccess().Error);
    }

    [Fact]
    public async Task A_path_that_is_not_there_fails_its_task_and_is_named()
    {
        await LinkedAsync("missing");

        var result = await api.RunAsync("restore", api.Temp["missing/nothing"]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("FAILED: 0 files restored, 0 failed (task-", result.Output, StringComparison.Ordinal);
        Assert.Contains("'/nothing' does not exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_is_a_task_for_this_program_and_none_of_the_API()
    {
        var fs = await LinkedAsync("own");

        var id = await api.AskAsync("task", "restore", fs);
        var watched = await api.RunAsync("task", "watch", id);

        Assert.Equal(0, watched.ExitCode);
        Assert.Contains("RESTORE_DATA_TO_FILESYSTEM", watched.Output, StringComparison.Ordinal);
        Assert.Contains(id, (await api.RunAsync("task", "list", "--fs", fs)).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Contains(id, (await api.RunAsync("__complete", "task", "show", "task-")).Output, StringComparison.Ordinal);
        var canceled = await api.RunAsync("task", "cancel", id);
        Assert.StartsWith("sluice: DataRepositoryTaskEnded: ", canceled.Error, StringComparison.Ordinal);
        var client = api.Server.ClientEnvironment();
        Assert.DoesNotContain(id, (await AwsCli.FsxAsync(client, TestContext.Current.CancellationToken, "describe-data-repository-tasks")).EnsureSuccess().Output, StringComparison.Ordinal);
        var asked = await AwsCli.FsxAsync(client, TestContext.Current.CancellationToken, "describe-data-repository-tasks", "--task-ids", id);
        Assert.Contains("(DataRepositoryTaskNotFound)", asked.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task", "import")]
    [InlineData("task", "release")]
    [InlineData("dra", "create")]
    public async Task What_can_not_be_guarded_is_refused_with_the_reason(params string[] command)
    {
        var fs = command[0] == "task" ? await LinkedAsync($"unguarded-{command[1]}") : await api.AdoptAsync("unguarded-dra", new TreeBuilder());
        string[] more = command[0] == "task" ? [] : ["/", "s3://bucket-1/unguarded-dra", "--import"];

        var result = await api.RunAsync([.. command, fs, .. more]);

        Assert.Equal(4, result.ExitCode);
        Assert.StartsWith("sluice: UnsupportedOperation: ", result.Error, StringComparison.Ordinal);
        Assert.InRange(result.Error.Length, "sluice: UnsupportedOperation: ".Length + 20, 300);
    }

    [Theory]
    [InlineData("raw/run-7")]
    [InlineData("s3://UPPER/x")]
    [InlineData("s3://")]
    public async Task An_import_of_what_is_no_S3_path_is_refused_by_name(string path)
    {
        var fs = await LinkedAsync($"import-{path.Length}");

        var result = await api.RunAsync("task", "import", fs, path);

        Assert.StartsWith("sluice: BadRequest: ", result.Error, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A file system with <c>dir/a</c> that is linked to a bucket.</summary>
    private async Task<string> LinkedAsync(string name)
    {
        var fs = await api.AdoptAsync(name, new TreeBuilder().Text("dir/a", "a"));
        await api.AskAsync("dra", "create", fs, "/", $"s3://bucket-1/{name}");
        return fs;
    }
}
