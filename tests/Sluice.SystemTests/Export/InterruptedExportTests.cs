using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Export;

/// <summary>Servers that are stopped or killed in the midst of an export.</summary>
public sealed class InterruptedExportTests
{
    private const int Files = 1500;
    private const int Entries = Files + 1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_goes_on_with_the_export_and_counts_every_file_once()
    {
        await using var rig = await RigAsync();
        var taskId = await BeginAsync(rig);

        for (var kill = 0; kill < 3; kill++)
        {
            await rig.Server.KillAsync();
            await rig.Server.StartAsync(Cancellation);
            rig.Connect();
        }

        var task = await rig.EndAsync(taskId, Cancellation);
        Assert.Equal("SUCCEEDED", task.Lifecycle);
        Assert.Equal((Entries, Entries, 0), (task.Status!.TotalCount, task.Status.SucceededCount, task.Status.FailedCount));
        Assert.Equal(Entries, (await rig.KeysAsync(Cancellation)).Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.BucketPath, "staging")));
    }

    [Fact]
    public async Task A_stopped_server_leaves_the_export_resumable()
    {
        await using var rig = await RigAsync();
        var taskId = await BeginAsync(rig);

        Assert.Equal(0, await rig.Server.StopAsync(Cancellation));
        var sent = (await rig.KeysAsync(Cancellation)).Count;
        Assert.InRange(sent, 1, Entries - 1);
        await rig.Server.StartAsync(Cancellation);
        rig.Connect();

        var task = await rig.EndAsync(taskId, Cancellation);
        Assert.Equal(("SUCCEEDED", Entries), (task.Lifecycle, task.Status!.SucceededCount!.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_cancel_survives_a_kill_right_after_its_answer_and_nothing_starts_any_more(int names)
    {
        await using var rig = await RigAsync(names);
        var taskId = await BeginAsync(rig);

        Assert.Equal("CANCELING", await rig.CancelAsync(taskId, Cancellation));
        await rig.Server.KillAsync();
        var sent = (await rig.KeysAsync(Cancellation)).Count;
        Assert.InRange(sent, 1, Entries - 1);
        await rig.Server.StartAsync(Cancellation);
        rig.Connect();

        var task = await rig.EndAsync(taskId, Cancellation);
        Assert.Equal("CANCELED", task.Lifecycle);
        Assert.Equal(sent, (await rig.KeysAsync(Cancellation)).Count);

        // The one file in flight may have been stored and not yet recorded: it is then looked at again.
        Assert.InRange(task.Status!.SucceededCount!.Value, sent - 1, sent);
        var rest = await rig.ExportAsync(Cancellation);
        Assert.Equal(("SUCCEEDED", Entries - task.Status.SucceededCount.Value), (rest.Lifecycle, rest.Status!.SucceededCount!.Value));
    }

    /// <param name="names">Of each inode.</param>
    private static async Task<ExportRig> RigAsync(int names = 1)
    {
        var tree = new TreeBuilder();
        for (var file = 0; file < Files; file++)
        {
            if (file % names == 0) tree.File($"file-{file}", 100, seed: (ulong)file);
            else tree.HardLink($"file-{file}", $"file-{file - (file % names)}");
        }

        return await ExportRig.StartAsync(tree, concurrency: 1, Cancellation);
    }

    private static async Task<string> BeginAsync(ExportRig rig)
    {
        var taskId = await rig.BeginAsync(Cancellation);
        var task = await rig.UntilAsync(taskId, task => task.EndTime is not null || task.Status?.SucceededCount > 0, Cancellation);
        Assert.Null(task.EndTime);
        return taskId;
    }
}
