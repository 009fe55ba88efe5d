using System.Net;
using System.Net.Sockets;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice serve</c>: the real program's start and stop.</summary>
public sealed class ServeTests
{
    private const int Interrupt = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_one_line_when_it_is_ready_and_leaves_no_address_behind()
    {
        await using var temp = TempDirectory.Create();
        await using var server = await SluiceServer.StartAsync(new() { DataDirectory = temp["data"] }, Cancel);

        Assert.Equal(server.Url + "\n", await File.ReadAllTextAsync(temp["data/endpoint"], Cancel));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(temp["data/credentials"]));
        Assert.Equal(0, await server.StopAsync(Cancel));
        Assert.Equal([$"Sluice is ready on {server.Url}"], server.Process.OutputLines);
        Assert.False(File.Exists(temp["data/endpoint"]));
    }

    [Fact]
    public async Task Interrupt_stops_it_as_well()
    {
        await using var server = await SluiceServer.StartAsync(new(), Cancel);

        server.Process.Signal(Interrupt);

        Assert.Equal(0, (await server.Process.WaitAsync(Hang.Limit, Cancel)).ExitCode);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused_and_told_who_has_it()
    {
        await using var server = await SluiceServer.StartAsync(new(), Cancel);

        var second = await Cli.RunProgramAsync(Cli.Bare, Cancel, "serve", "--data", server.DataDirectory, "--listen", "127.0.0.1:0");

        Assert.Equal(3, second.ExitCode);
        Assert.Contains($"'{server.DataDirectory}' is in use by another server, process {server.Process.Id}.", second.Error, StringComparison.Ordinal);
        Assert.Equal("(none)\n", (await Cli.RunAsync("fs", "list", "--data", server.DataDirectory)).EnsureSuccess().Error);
    }

    [Fact]
    public async Task A_killed_server_does_not_keep_the_next_from_starting()
    {
        await using var server = await SluiceServer.StartAsync(new(), Cancel);
        await server.KillAsync();

        var unreachable = await Cli.RunAsync("fs", "list", "--data", server.DataDirectory);
        Assert.Equal(3, unreachable.ExitCode);
        Assert.Contains($"The server {server.Url}/ can't be reached: nothing listens there. Start it with 'sluice serve'", unreachable.Error, StringComparison.Ordinal);

        await server.StartAsync(Cancel);
        Assert.Equal(0, (await Cli.RunAsync("fs", "list", "--data", server.DataDirectory)).ExitCode);
    }

    [Fact]
    public async Task A_port_in_use_is_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var result = await ServeAsync("--listen", taken.LocalEndpoint.ToString()!);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal($"sluice: Failed to bind to address http://{taken.LocalEndpoint}: address already in use.\n", result.Error);
    }

    [Theory]
    [InlineData("--listen", "203.0.113.7:7580", "The address 203.0.113.7:7580 can't be listened on", 3)]
    [InlineData("--listen", "7580", "expected IP:PORT", 2)]
    [InlineData("--data", "/dev/null/data", "/dev/null/data", 3)]
    [InlineData("--data", "/proc/sluice", "The data directory '/proc/sluice' can't be used", 3)]
    [InlineData("--data", "/etc/passwd", "/etc/passwd", 3)]
    [InlineData("--s3-endpoint", "nonsense", "The S3 endpoint 'nonsense' is not a URL", 2)]
    [InlineData("--config", "/nonexistent.json", "/nonexistent.json", 2)]
    public async Task What_keeps_it_from_starting_is_told_in_one_line(string option, string value, string message, int exitCode)
    {
        var result = await ServeAsync(option, value);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(c => c == '\n'));
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_wrong_configuration_stops_the_start()
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["sluice.json"], "{\n  \"taskQueueLength\": 0\n}\n", Cancel);

        var result = await ServeAsync("--config", temp["sluice.json"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"sluice: {temp["sluice.json"]}:2: key 'taskQueueLength' is '0'; expected 1 to 10000.\n", result.Error);
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("| true")]
    public async Task It_does_without_a_standard_output(string redirection)
    {
        await using var temp = TempDirectory.Create();
        await using var process = await ProcessRunner.StartAsync(
            new(Require.Tool("bash"))
            {
                Arguments = ["-c", $"dotnet '{Require.File(SourceTree.Program)}' serve --data '{temp["data"]}' --listen 127.0.0.1:0 {redirection}"],
                Environment = Cli.Bare,
            },
            Cancel);
        while (!process.HasExited && !File.Exists(temp["data/endpoint"])) await Task.Yield();

        Assert.Equal("(none)\n", (await Cli.RunAsync("fs", "list", "--data", temp["data"])).EnsureSuccess().Error);
    }

    private static async Task<ProcessResult> ServeAsync(params string[] arguments)
    {
        await using var temp = TempDirectory.Create();
        return await Cli.RunProgramAsync(new Dictionary<string, string?> { ["SLUICE_DATA"] = temp["data"] }, Cancel, ["serve", .. arguments.Contains("--listen") ? arguments : [.. arguments, "--listen", "127.0.0.1:0"]]);
    }
}
