using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice task watch</c> of a task that can't go on until the test says so.</summary>
public sealed class WatchTests
{
    private const int Interrupt = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Interrupting_it_leaves_the_task_alone_and_a_cancel_is_exit_code_5()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rgw = await RgwServer.GetAsync();
        await using var bucket = await rgw.CreateBucketAsync(Cancel);
        await using var proxy = rgw.StartProxy(request => request.Operation == "PutObject" ? ProxyAction.Forward.When(release.Task) : ProxyAction.Forward);
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("root/a", "a"));
        await using var server = await SluiceServer.StartAsync(
            new() { Arguments = ["--allow-root", temp.Path], Environment = rgw.EnvironmentFor(proxy) }, Cancel);
        var variables = new Dictionary<string, string?> { ["SLUICE_DATA"] = server.DataDirectory };
        var fs = (await Cli.RunAsync(variables, "fs", "create", "--root", temp["root"])).EnsureSuccess().Output.Trim();
        (await Cli.RunAsync(variables, "dra", "create", fs, "/", bucket.Url)).EnsureSuccess();
        var task = (await Cli.RunAsync(variables, "task", "export", fs)).EnsureSuccess().Output.Trim();
        await proxy.WaitForAsync(request => request.Operation == "PutObject" && request.Key == "a", Cancel).WaitAsync(Hang.Limit, Cancel);

        await using (var watch = await Cli.StartAsync(variables, Cancel, "task", "watch", task))
        {
            while (!watch.HasExited && !watch.ErrorLines.Any(line => line.StartsWith("EXECUTING: ", StringComparison.Ordinal))) await Task.Yield();
            watch.Signal(Interrupt);
            var stopped = await watch.WaitAsync(Hang.Limit, Cancel);
            Assert.Equal(130, stopped.ExitCode);
            Assert.Contains(
                $"Stopped watching; the task goes on. 'sluice task watch {task}' watches it again, 'sluice task cancel {task}' cancels it.\n", stopped.Error,
                StringComparison.Ordinal);
        }

        Assert.Contains("EXECUTING", (await Cli.RunAsync(variables, "task", "show", task)).Output, StringComparison.Ordinal);
        Assert.Equal($"{task} CANCELING\n", (await Cli.RunAsync(variables, "task", "cancel", task)).EnsureSuccess().Output);
        release.SetResult();
        var ended = await Cli.RunAsync(variables, "task", "watch", task, "--json");
        Assert.Equal(5, ended.ExitCode);
        Assert.Contains("\"Lifecycle\": \"CANCELED\"", ended.Output, StringComparison.Ordinal);
        Assert.Equal(["a"], await bucket.KeysAsync(Cancel));
    }
}
