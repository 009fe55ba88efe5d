using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>A link is not deleted while a task is on its paths; those of others don't matter.</summary>
public sealed class LinkInUseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_that_a_task_has_to_do_with_is_not_deleted_and_another_is()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rgw = await RgwServer.GetAsync();
        await using var bucket = await rgw.CreateBucketAsync(Cancel);
        await using var proxy = rgw.StartProxy(
            request => request.Operation == "PutObject" && request.Key == "used/a" ? ProxyAction.Forward.When(release.Task) : ProxyAction.Forward);
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("root/used/a", "a").Directory("root/other"));
        await using var server = await SluiceServer.StartAsync(
            new() { Arguments = ["--allow-root", temp.Path], Environment = rgw.EnvironmentFor(proxy) }, Cancel);
        var variables = new Dictionary<string, string?> { ["SLUICE_DATA"] = server.DataDirectory };
        var fs = (await Cli.RunAsync(variables, "fs", "create", "--root", temp["root"])).EnsureSuccess().Output.Trim();
        var used = (await Cli.RunAsync(variables, "dra", "create", fs, "/used", $"{bucket.Url}/used")).EnsureSuccess().Output.Trim();
        var other = (await Cli.RunAsync(variables, "dra", "create", fs, "/other", $"{bucket.Url}/other")).EnsureSuccess().Output.Trim();
        var task = (await Cli.RunAsync(variables, "task", "export", fs, "used")).EnsureSuccess().Output.Trim();
        await proxy.WaitForAsync(request => request.Operation == "PutObject" && request.Key == "used/a", Cancel).WaitAsync(Hang.Limit, Cancel);

        var refused = await Cli.RunAsync(variables, "dra", "delete", used, "--delete-data-in-file-system");
        var deleted = await Cli.RunAsync(variables, "dra", "delete", other);
        release.SetResult();

        Assert.Equal(4, refused.ExitCode);
        Assert.Equal($"sluice: BadRequest: Data repository association '{used}' is in use by task '{task}', which is EXECUTING.\n", refused.Error);
        Assert.Equal($"{other} DELETING\n", deleted.EnsureSuccess().Output);
        (await Cli.RunAsync(variables, "task", "watch", task)).EnsureSuccess();
        Assert.True(File.Exists(temp["root/used/a"]));
    }
}
