using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>Ctrl-C in <c>sluice export</c>, on the real program, with files held in flight on their way to a real S3 server.</summary>
public sealed class ExportInterruptTests
{
    private const int Interrupt = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_finishes_what_is_in_flight_and_begins_nothing_else()
    {
        await using var trial = await HeldExport.StartAsync(Cancel);

        trial.Process.Signal(Interrupt);
        await trial.WaitForErrorAsync("Canceling: files in flight are finished, no other begins. Press Ctrl-C again to abort them.", Cancel);
        var mark = trial.Proxy.Mark();
        trial.Release();
        var result = await trial.Process.WaitAsync(Hang.Limit, Cancel);

        Assert.Equal(5, result.ExitCode);
        Assert.StartsWith("CANCELED: ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(trial.Proxy.Requests, request => request.StartsObject && request.Clock > mark);
        var keys = await trial.Bucket.KeysAsync(Cancel);
        Assert.Equal(trial.StartedKeys(), keys.Order(StringComparer.Ordinal));
        Assert.Contains($"{keys.Count} file{(keys.Count == 1 ? "" : "s")} exported, 0 failed", result.Output, StringComparison.Ordinal);
        Assert.Empty(await trial.Bucket.PendingUploadsAsync(Cancel));

        var again = await trial.RunAgainAsync(Cancel);
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith($"SUCCEEDED: {HeldExport.Files - keys.Count} file", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("interrupted", again.Error, StringComparison.Ordinal);
        Assert.Equal(HeldExport.Files, (await trial.Bucket.KeysAsync(Cancel)).Count);
    }

    [Fact]
    public async Task The_second_drops_what_is_in_flight_and_leaves_nothing_of_it()
    {
        await using var trial = await HeldExport.StartAsync(Cancel);
        Assert.NotEmpty(await trial.Bucket.PendingUploadsAsync(Cancel));

        trial.Process.Signal(Interrupt);
        await trial.WaitForErrorAsync("Canceling: files in flight are finished, no other begins. Press Ctrl-C again to abort them.", Cancel);
        trial.Process.Signal(Interrupt);
        var result = await trial.Process.WaitAsync(Hang.Limit, Cancel);

        Assert.Equal(130, result.ExitCode);
        Assert.Contains("Aborted: files in flight were dropped and nothing of them is left in the bucket.", result.Error, StringComparison.Ordinal);
        Assert.Empty(await trial.Bucket.PendingUploadsAsync(Cancel));
        var kept = (await trial.Bucket.KeysAsync(Cancel)).Count;
        Assert.Equal(trial.DoneBefore, kept);
        Assert.Empty(Directory.GetFiles(trial.State, "*.csv", SearchOption.AllDirectories));

        trial.Release();
        var again = await trial.RunAgainAsync(Cancel);
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith($"SUCCEEDED: {HeldExport.Files - kept} file", again.Output, StringComparison.Ordinal);
        Assert.Equal(HeldExport.Files, (await trial.Bucket.KeysAsync(Cancel)).Count);
    }

    [Fact]
    public async Task A_killed_run_is_gone_on_with()
    {
        await using var trial = await HeldExport.StartAsync(Cancel);

        await trial.Process.KillAsync();
        trial.Release();
        var again = await trial.RunAgainAsync(Cancel);

        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("Going on with the export that was interrupted.\n", again.Error, StringComparison.Ordinal);
        Assert.StartsWith($"SUCCEEDED: {HeldExport.Files} files exported", again.Output, StringComparison.Ordinal);
        Assert.Empty(await trial.Bucket.PendingUploadsAsync(Cancel));
        Assert.Equal(HeldExport.Files, (await trial.Bucket.KeysAsync(Cancel)).Count);
    }

    [Fact]
    public async Task A_second_run_of_the_same_export_is_refused_while_one_runs()
    {
        await using var trial = await HeldExport.StartAsync(Cancel);

        var other = await trial.RunAgainAsync(Cancel);

        Assert.Equal(3, other.ExitCode);
        Assert.Contains($"already, process {trial.Process.Id}.", other.Error, StringComparison.Ordinal);
        trial.Release();
        Assert.Equal(0, (await trial.Process.WaitAsync(Hang.Limit, Cancel)).ExitCode);
    }

    [Fact]
    public async Task Into_a_directory_a_cancel_keeps_the_books()
    {
        var tree = new TreeBuilder().Directory("state/buckets/bucket");
        for (var i = 0; i < 3000; i++) tree.Text($"src/{i % 20}/{i}", "content");
        await using var temp = TempDirectory.Create().With(tree);
        await File.WriteAllTextAsync(temp["one.json"], """{ "engine": { "concurrency": 1 } }""", Cancel);
        string[] arguments = ["export", temp["src"], "s3://bucket", "--state", temp["state"], "--config", temp["one.json"]];
        var objects = temp["state/buckets/bucket/objects"];

        await using var process = await Cli.StartAsync(Cli.Bare, Cancel, arguments);
        while (!process.HasExited && !(Directory.Exists(objects) && Directory.EnumerateFileSystemEntries(objects).Any())) await Task.Yield();
        process.Signal(Interrupt);
        var result = await process.WaitAsync(Hang.Limit, Cancel);

        Assert.Equal(5, result.ExitCode);
        var kept = Count(objects);
        Assert.StartsWith($"CANCELED: {kept:N0} file", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(temp["state/buckets/bucket/staging"]));
        var again = (await Cli.RunAsync(arguments)).EnsureSuccess();
        Assert.StartsWith($"SUCCEEDED: {3020 - kept:N0} files exported", again.Output, StringComparison.Ordinal);
        Assert.Equal(3020, Count(objects));
    }

    /// <summary>Objects: files, those of directories ('dir/') among them.</summary>
    private static int Count(string objects) => Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Count();
}
