using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class ProcessRunnerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Input_output_and_exit_code_come_through()
    {
        var result = await ProcessRunner.RunAsync(Shell("cat; echo $WORD; echo oops >&2; exit 3") with
        {
            Input = "in\n",
            Environment = new Dictionary<string, string?> { ["WORD"] = "out" },
        }, Cancel);

        Assert.Equal(new ProcessResult(3, "in\nout\n", "oops\n"), result);
        Assert.Throws<InvalidOperationException>(result.EnsureSuccess);
    }

    [Fact]
    public async Task A_line_can_be_waited_for()
    {
        await using var process = await ProcessRunner.StartAsync(Shell("echo one; echo two; sleep 1000"), Cancel);

        Assert.Equal("two", await process.WaitForLineAsync(line => line.StartsWith('t'), Long, Cancel));
        Assert.Equal("one", await process.WaitForLineAsync(line => line == "one", Long, Cancel));
    }

    [Fact]
    public async Task An_end_without_the_line_tells_what_was_said()
    {
        await using var process = await ProcessRunner.StartAsync(Shell("echo no port >&2; exit 2"), Cancel);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForLineAsync(_ => false, Long, Cancel));

        Assert.Contains("no port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposal_kills_what_the_program_started()
    {
        int child;
        await using (var process = await ProcessRunner.StartAsync(Shell("sleep 1000 & echo $!; wait"), Cancel))
            child = int.Parse(await process.WaitForLineAsync(_ => true, Long, Cancel));

        // Killed, if perhaps not yet reaped by whoever inherited it.
        var status = Path.Exists($"/proc/{child}/stat") ? await File.ReadAllTextAsync($"/proc/{child}/stat", Cancel) : "Z";
        Assert.Contains('Z', status);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_a_timeout() => await Assert.ThrowsAsync<TimeoutException>(
        () => ProcessRunner.RunAsync(Shell("sleep 1000") with { Timeout = TimeSpan.FromMilliseconds(50) }, Cancel));

    private static ProcessSpec Shell(string script) => new("/bin/sh") { Arguments = ["-c", script] };
}
