using System.Text.Json;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice fs</c>, <c>dra</c> and <c>task</c> against a real server.</summary>
public sealed class ApiCommandTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_file_system_is_created_listed_shown_and_deleted()
    {
        var id = await api.AdoptAsync("whole", new TreeBuilder().Text("a", "a"));

        var list = (await api.RunAsync("fs", "list")).EnsureSuccess().Output.Split('\n');
        Assert.Matches("^ID +STATE +CREATED +ROOT$", list[0]);
        var row = Assert.Single(list, line => line.StartsWith(id, StringComparison.Ordinal));
        Assert.Matches("^AVAILABLE ", row[list[0].IndexOf("STATE", StringComparison.Ordinal)..]);
        Assert.EndsWith(api.Temp["whole"], row, StringComparison.Ordinal);
        Assert.Contains($"Root:    {api.Temp["whole"]}\n", (await api.RunAsync("fs", "show", id)).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Equal($"{id} DELETING", await api.AskAsync("fs", "delete", id));
        Assert.True(File.Exists(api.Temp["whole/a"]));
    }

    [Fact]
    public async Task A_link_is_created_listed_shown_updated_and_deleted()
    {
        var fs = await api.AdoptAsync("linked", new TreeBuilder());
        var id = await api.AskAsync("dra", "create", fs, "/", "s3://bucket-1/linked", "--tag", "project=alpha");

        Assert.Contains("AVAILABLE", (await api.RunAsync("dra", "show", id)).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Contains(id, (await api.RunAsync("dra", "list", "--fs", fs)).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Contains("project=alpha", (await api.RunAsync("dra", "show", id)).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Equal($"{id} AVAILABLE", await api.AskAsync("dra", "update", id, "--chunk-size", "2048"));
        (await api.RunAsync("dra", "update", id, "--json")).EnsureSuccess();
        Assert.Equal($"{id} DELETING", await api.AskAsync("dra", "delete", id));
    }

    [Fact]
    public async Task Nobody_has_to_wait_for_a_file_system_or_a_link()
    {
        Directory.CreateDirectory(api.Temp["early"]);
        var created = (await api.RunAsync("fs", "create", "--root", api.Temp["early"], "--no-wait", "--json")).EnsureSuccess().Output;
        Assert.Contains("\"CREATING\"", created, StringComparison.Ordinal);

        var fs = await api.AdoptAsync("hurried", new TreeBuilder());
        Assert.Contains("\"CREATING\"", (await api.RunAsync("dra", "create", fs, "/", "s3://bucket-1/hurried", "--no-wait", "--json")).EnsureSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_whose_bucket_went_away_is_told()
    {
        var fs = await api.AdoptAsync("gone", new TreeBuilder());
        var bucket = Directory.CreateDirectory(Path.Combine(api.Server.DataDirectory, "buckets", "going-away"));
        var id = await api.AskAsync("dra", "create", fs, "/", "s3://going-away");
        bucket.Delete(recursive: true);

        var result = await api.RunAsync("dra", "update", id);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"{id} MISCONFIGURED\n", result.Output);
        Assert.Contains("going-away", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_is_started_watched_listed_and_shown()
    {
        var fs = await api.AdoptAsync("task", new TreeBuilder().Text("a", "12345").Text("b", "6"));
        await api.AskAsync("dra", "create", fs, "/", "s3://bucket-1/task");

        var watched = await api.RunAsync("task", "export", fs, "--watch", "--tag", "run=1");

        Assert.Equal(0, watched.ExitCode);
        Assert.EndsWith("SUCCEEDED: 3/3 files  6 B/6 B\n", watched.Error, StringComparison.Ordinal);
        var id = watched.Error.Split('\n')[0]["Task ".Length..];
        Assert.Matches($"^Id: +{id}\n", watched.Output);
        Assert.Contains($"{id}  ", (await api.RunAsync("task", "list", "--fs", fs, "--state", "succeeded")).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Equal("(none)\n", (await api.RunAsync("task", "list", "--fs", fs, "--state", "FAILED")).EnsureSuccess().Error);
        using var json = JsonDocument.Parse((await api.RunAsync("task", "show", id, "--json")).EnsureSuccess().Output);
        // The prefix has an object as well, which stands for the directory.
        Assert.Equal(3, json.RootElement.GetProperty("Status").GetProperty("SucceededCount").GetInt64());
        var ended = await api.RunAsync("task", "cancel", id);
        Assert.Equal(4, ended.ExitCode);
        Assert.StartsWith("sluice: DataRepositoryTaskEnded: ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_task_is_exit_code_1_and_says_where_its_report_is()
    {
        var fs = await api.AdoptAsync("failing", new TreeBuilder().Text("a", "a"));
        await api.AskAsync("dra", "create", fs, "/", "s3://bucket-2/failing");

        var result = await api.RunAsync("task", "export", fs, "no/such/path", "--report", "s3://bucket-2/failing/reports", "--watch");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FAILED", result.Output, StringComparison.Ordinal);
        Assert.Contains("'no/such/path' does not exist", result.Output, StringComparison.Ordinal);
        Assert.Matches("Report: +s3://bucket-2/failing/reports/task-[0-9a-f]+/failures.csv", result.Output);
    }

    [Fact]
    public async Task Lists_come_as_one_json_document_however_long()
    {
        var fs = await api.AdoptAsync("many", new TreeBuilder());
        await api.AskAsync("dra", "create", fs, "/", "s3://bucket-1/many");
        for (var i = 0; i < 60; i++) await api.AskAsync("task", "export", fs, $"path-{i}");

        using var json = JsonDocument.Parse((await api.RunAsync("task", "list", "--fs", fs, "--json")).EnsureSuccess().Output);
        Assert.Equal(60, json.RootElement.GetProperty("DataRepositoryTasks").GetArrayLength());
    }

    [Theory]
    [InlineData("FileSystemNotFound", "fs", "show", "fs-0123456789abcdef0")]
    [InlineData("FileSystemNotFound", "fs", "delete", "fs-0123456789abcdef0")]
    [InlineData("FileSystemNotFound", "task", "export", "fs-0123456789abcdef0")]
    [InlineData("FileSystemNotFound", "dra", "create", "fs-0123456789abcdef0", "/", "s3://bucket-1/x")]
    [InlineData("DataRepositoryAssociationNotFound", "dra", "show", "dra-0123456789abcdef0")]
    [InlineData("DataRepositoryAssociationNotFound", "dra", "update", "dra-0123456789abcdef0")]
    [InlineData("DataRepositoryAssociationNotFound", "dra", "delete", "dra-0123456789abcdef0")]
    [InlineData("DataRepositoryTaskNotFound", "task", "show", "task-0123456789abcdef0")]
    [InlineData("DataRepositoryTaskNotFound", "task", "watch", "task-0123456789abcdef0")]
    [InlineData("DataRepositoryTaskNotFound", "task", "cancel", "task-0123456789abcdef0")]
    public async Task An_unknown_id_is_refused_by_name(string code, params string[] arguments)
    {
        var result = await api.RunAsync(arguments);

        Assert.Equal(4, result.ExitCode);
        Assert.StartsWith($"sluice: {code}: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(arguments[2], result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("fs", "show", "nonsense")]
    [InlineData("dra", "show", "nonsense")]
    [InlineData("task", "show", "nonsense")]
    public async Task A_malformed_id_is_refused_by_name(params string[] arguments)
    {
        var result = await api.RunAsync(arguments);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("nonsense", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_are_told_with_where_they_are_from()
    {
        var variables = new Dictionary<string, string?>
        {
            ["AWS_ENDPOINT_URL_FSX"] = api.Server.Url, ["SLUICE_DATA"] = "/nonexistent", ["AWS_ACCESS_KEY_ID"] = "AKIAWRONG", ["AWS_SECRET_ACCESS_KEY"] = "wrong",
        };
        var result = await Cli.RunAsync(variables, "fs", "list");

        Assert.Equal(4, result.ExitCode);
        Assert.EndsWith("The keys are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_names_keys_elsewhere()
    {
        var variables = new Dictionary<string, string?>
        {
            ["SLUICE_DATA"] = "/nonexistent",
            ["AWS_ENDPOINT_URL_FSX"] = api.Server.Url,
            ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(api.Server.DataDirectory, "credentials"),
        };
        var withProfile = new Dictionary<string, string?>(variables) { ["AWS_PROFILE"] = "sluice" };

        Assert.Equal(0, (await Cli.RunAsync(withProfile, "fs", "list")).ExitCode);
        Assert.Equal(0, (await Cli.RunAsync(variables, "fs", "list", "--profile", "sluice")).ExitCode);
        var missing = await Cli.RunAsync(variables, "fs", "list", "--profile", "other");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("has no profile [other]", missing.Error, StringComparison.Ordinal);
        Assert.Contains("There are no keys", (await Cli.RunAsync(variables, "fs", "list")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_server_runs_it_is_said()
    {
        var result = await Cli.RunAsync("task", "list");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("sluice: No server runs on '/nonexistent'. Start it with 'sluice serve', or name another with --endpoint or --data.\n", result.Error);
    }
}
