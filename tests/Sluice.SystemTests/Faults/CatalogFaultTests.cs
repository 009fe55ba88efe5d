using Sluice.Protocol.Client;
using Sluice.SystemTests.Export;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>A catalog that can't be written for a while, in the midst of an export: somebody else has its lock, or its disk takes no writes any more.</summary>
public sealed class CatalogFaultTests
{
    private const int Files = 300;
    private const int FileBytes = 20_000;
    private const long DiskBytes = 128L << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_busy_catalog_makes_everybody_wait_and_then_everything_goes_on()
    {
        await using var rig = await ExportRig.StartAsync(Tree(), concurrency: 1, Cancel);
        var running = await BeginAsync(rig);
        await using (await CatalogLock.TakeAsync(rig.Server.DataDirectory, Cancel))
        {
            // Reading goes on; writing waits, and who has to wait too long is told, and nothing has come of it.
            Assert.Equal("EXECUTING", (await rig.UntilAsync(running, _ => true, Cancel)).Lifecycle);
            var refused = await Assert.ThrowsAsync<FsxClientException>(() => rig.CancelAsync(running, Cancel));
            Assert.Equal("InternalServerError", refused.Code);
            Assert.Contains("is busy", refused.Message, StringComparison.Ordinal);
        }

        var task = await rig.EndAsync(running, Cancel);
        Assert.Equal(("SUCCEEDED", Files + 1), (task.Lifecycle, task.Status!.SucceededCount!.Value));
        Assert.Equal(0, (await rig.ExportAsync(Cancel)).Status!.TotalCount);
    }

    [Fact]
    public async Task A_catalog_whose_disk_turns_read_only_refuses_a_cancel_and_goes_on_after_the_repair()
    {
        await using var disk = await DiskImage.CreateAsync("ext4", DiskBytes);
        await using var rig = await ExportRig.StartAsync(Tree(), concurrency: 1, Cancel, dataParent: disk.Root);
        var running = await BeginAsync(rig);
        await disk.MakeReadOnlyAsync();

        // Nothing that can't be made durable is answered.
        var refused = await Assert.ThrowsAsync<FsxClientException>(() => rig.CancelAsync(running, Cancel));
        Assert.Equal("InternalServerError", refused.Code);
        Assert.Matches("is read-only|can't be read or written|can't be opened", refused.Message);
        Assert.Equal("EXECUTING", (await rig.UntilAsync(running, _ => true, Cancel)).Lifecycle);
        Assert.False(rig.Server.Process.HasExited);

        await rig.Server.KillAsync();
        await disk.RepairAsync();
        await rig.Server.StartAsync(Cancel);
        rig.Connect();
        Assert.Equal("SUCCEEDED", (await rig.EndAsync(running, Cancel)).Lifecycle);
        Assert.Equal("SUCCEEDED", (await rig.ExportAsync(Cancel)).Lifecycle);
        Assert.Equal(Files + 1, (await rig.KeysAsync(Cancel)).Count);
        for (var i = 0; i < Files; i += 17)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(rig.Root, $"file-{i}"), Cancel), await rig.ReadAsync($"file-{i}", Cancel));
    }

    private static TreeBuilder Tree()
    {
        var tree = new TreeBuilder();
        for (var i = 0; i < Files; i++) tree.File($"file-{i}", FileBytes, (ulong)i);
        return tree;
    }

    /// <summary>An export of which some is done and some is not.</summary>
    private static async Task<string> BeginAsync(ExportRig rig)
    {
        var id = await rig.BeginAsync(Cancel);
        while ((await rig.KeysAsync(Cancel)).Count == 0) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Cancel);
        Assert.InRange((await rig.KeysAsync(Cancel)).Count, 1, Files - 1);
        return id;
    }
}
