using Sluice.Protocol.Client;
using Sluice.SystemTests.Export;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>Disks that fill up: the bucket's, and the one with the server's own data.</summary>
public sealed class FullDiskTests
{
    private const int Files = 60;
    private const int FileBytes = 100_000;
    private const long Small = 2 << 20;
    private const long Large = 256 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_bucket_fails_the_task_with_advice_and_the_next_export_sends_the_rest()
    {
        await using var rig = await ExportRig.StartAsync(Tree(), concurrency: 4, Cancel);
        await using var disk = await Mount.TmpfsAsync(rig.BucketPath, Small);
        Assert.Equal(0, await rig.Server.StopAsync(Cancel));
        await rig.Server.StartAsync(Cancel);
        rig.Connect();

        var full = await rig.ExportAsync(Cancel);
        Assert.Equal("FAILED", full.Lifecycle);
        Assert.Contains("Make room", full.FailureDetails!.Message, StringComparison.Ordinal);

        await disk.ResizeAsync(Large);
        var rest = await rig.ExportAsync(Cancel);
        Assert.Equal("SUCCEEDED", rest.Lifecycle);
        Assert.Equal(Files + 1, full.Status!.SucceededCount + rest.Status!.SucceededCount);
        await AssertWholeAsync(rig);
    }

    [Fact]
    public async Task A_full_data_directory_loses_nothing_and_the_server_stays_up()
    {
        await using var rig = await ExportRig.StartAsync(Tree(), concurrency: 1, Cancel, Large);
        var running = await rig.BeginAsync(Cancel);
        var filler = Fill(rig.Server.DataDirectory);

        try
        {
            Assert.Equal("CANCELING", await rig.CancelAsync(running, Cancel));
        }
        catch (FsxClientException e)
        {
            Assert.Contains(e.Code, new[] { "InternalServerError", "DataRepositoryTaskEnded" });
        }

        _ = await rig.UntilAsync(running, _ => true, Cancel);
        File.Delete(filler);

        _ = await rig.EndAsync(running, Cancel);
        Assert.Equal("SUCCEEDED", (await rig.ExportAsync(Cancel)).Lifecycle);
        await AssertWholeAsync(rig);
    }

    private static TreeBuilder Tree()
    {
        var tree = new TreeBuilder();
        for (var i = 0; i < Files; i++) tree.File($"file-{i}", FileBytes, (ulong)i);
        return tree;
    }

    /// <summary>Leaves no byte free.</summary>
    private static string Fill(string directory)
    {
        var path = Path.Combine(directory, "filler");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 1 << 20, 1 << 12 })
        {
            try
            {
                var block = new byte[size];
                while (true) file.Write(block);
            }
            catch (IOException)
            {
                // Full to this size.
            }
        }

        return path;
    }

    private static async Task AssertWholeAsync(ExportRig rig)
    {
        Assert.Equal(Files + 1, (await rig.KeysAsync(Cancel)).Count);
        for (var i = 0; i < Files; i++)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(rig.Root, $"file-{i}"), Cancel), await rig.ReadAsync($"file-{i}", Cancel));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.BucketPath, "staging")));
    }
}
