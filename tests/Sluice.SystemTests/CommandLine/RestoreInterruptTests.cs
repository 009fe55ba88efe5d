using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice restore</c> of files whose objects are not sent until the test says so.</summary>
public sealed class RestoreInterruptTests
{
    private const int Interrupt = 2;
    private const int Files = 40;
    private const int Movers = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Interrupting_it_cancels_its_task_and_what_was_begun_is_finished()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rgw = await RgwServer.GetAsync();
        await using var bucket = await rgw.CreateBucketAsync(Cancel);
        await using var proxy = rgw.StartProxy(request => request.Operation == "GetObject" ? ProxyAction.Forward.When(release.Task) : ProxyAction.Forward);
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        await File.WriteAllTextAsync(disk.Beside("config"), $$"""{ "engine": { "concurrency": {{Movers}} } }""", Cancel);
        var server = await disk.StartServerAsync(rgw.EnvironmentFor(proxy), Cancel, "--config", disk.Beside("config"));

        // Nobody gets at a file before there is a Hydrator.
        var tree = new TreeBuilder();
        for (var i = 0; i < Files; i++) tree.Text($"root/file-{i}", $"content {i}");
        tree.MakeIn(disk.Root);
        var variables = new Dictionary<string, string?> { ["SLUICE_DATA"] = server.DataDirectory };
        var root = disk["root"];
        var fs = (await Cli.RunAsync(variables, "fs", "create", "--root", root)).EnsureSuccess().Output.Trim();
        (await Cli.RunAsync(variables, "dra", "create", fs, "/", bucket.Url)).EnsureSuccess();
        (await Cli.RunAsync(variables, "task", "export", fs, "--watch")).EnsureSuccess();
        (await Cli.RunAsync(variables, "release", root)).EnsureSuccess();

        await using (var restore = await Cli.StartAsync(variables, Cancel, "restore", root))
        {
            await proxy.WaitForAsync(request => request.Operation == "GetObject", Cancel).WaitAsync(Hang.Limit, Cancel);
            restore.Signal(Interrupt);
            while (!restore.HasExited && !restore.ErrorLines.Any(line => line.StartsWith("Canceling: ", StringComparison.Ordinal))) await Task.Yield();
            release.SetResult();
            var ended = await restore.WaitAsync(Hang.Limit, Cancel);
            Assert.Equal(5, ended.ExitCode);
            Assert.StartsWith("CANCELED: ", ended.Output, StringComparison.Ordinal);
        }

        // What is not restored still is, by reading it.
        for (var i = 0; i < Files; i++) Assert.Equal($"content {i}", await File.ReadAllTextAsync(Path.Combine(root, $"file-{i}"), Cancel));
    }
}
