using Sluice.SystemTests.Export;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>What an export needs from its machine fails it: blocks of the disk, descriptors, memory, time to run. The next one does what it could not.</summary>
public sealed class ExhaustionTests
{
    private const int Files = 60;
    private const int FileBytes = 1 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_whose_blocks_can_not_be_read_are_rows_and_the_others_are_exported()
    {
        // One group of blocks, of which the last are gone; what is before them, with directories and inodes, is not.
        const long Bytes = 128L << 20;
        const long Rest = 48L << 20;
        await using var disk = await DiskImage.CreateAsync("ext4", Bytes);
        await using var export = LocalExport.Create(disk.Root, Files, FileBytes);
        await disk.UnmountAsync();
        var whole = disk.ImagePath + ".whole";
        File.Copy(disk.ImagePath, whole);
        await disk.MountAsync();
        await using (var image = new FileStream(disk.ImagePath, FileMode.Open)) image.SetLength(Rest);

        var result = await export.RunAsync(Cancel);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("InternalError", result.Error, StringComparison.Ordinal);
        Assert.Contains("(EIO)", result.Error, StringComparison.Ordinal);
        var keys = export.Keys();
        Assert.InRange(keys.Count, 1, Files - 1);

        await disk.UnmountAsync();
        File.Move(whole, disk.ImagePath, overwrite: true);
        await disk.MountAsync();
        foreach (var key in keys) export.AssertStored(key);
        (await export.RunAsync(Cancel)).EnsureSuccess();
        export.AssertWhole();
    }

    [Fact]
    public async Task Without_descriptors_nothing_is_half_and_the_next_export_sends_the_rest()
    {
        await using var export = LocalExport.Create(root: null, Files, FileBytes);

        _ = await export.RunAsync(
            Cancel,
            program => program with { FileName = Require.Tool("prlimit"), Arguments = ["--nofile=160:160", program.FileName, .. program.Arguments] });

        foreach (var key in export.Keys()) export.AssertStored(key);
        (await export.RunAsync(Cancel)).EnsureSuccess();
        export.AssertWhole();
    }

    [Fact]
    public async Task Without_memory_nothing_is_half_and_the_next_export_sends_the_rest()
    {
        const long Bytes = 100L << 20;
        await using var group = await MemoryGroup.CreateAsync(Bytes);
        await using var export = LocalExport.Create(root: null, files: 24, fileBytes: 12 << 20);

        var result = await export.RunAsync(Cancel, group.Within);

        Assert.NotEqual(0, result.ExitCode);
        foreach (var key in export.Keys()) export.AssertStored(key);
        (await export.RunAsync(Cancel)).EnsureSuccess();
        export.AssertWhole();
    }

    [Fact]
    public async Task A_server_that_stands_still_for_longer_than_its_requests_may_take_goes_on_and_loses_nothing()
    {
        var tree = new TreeBuilder();
        for (var i = 0; i < Files; i++) tree.File($"file-{i}", 100_000, (ulong)i);
        var server = await RgwServer.GetAsync();
        await using var bucket = await server.CreateBucketAsync(Cancel);
        await using var proxy = server.StartProxy(_ => ProxyAction.Delay(30));
        await using var rig = await ExportRig.StartAsync(
            tree, concurrency: 4, Cancel, environment: server.Environment,
            buckets: $$"""[ { "bucket": "{{bucket.Name}}", "s3": { "url": "{{proxy.Endpoint}}", "region": "us-east-1", "stallSeconds": 1 } } ]""",
            repositoryPath: $"{bucket.Url}/data");
        var running = await rig.BeginAsync(Cancel);
        _ = await proxy.WaitForAsync(request => request.Operation == "PutObject" && request.Status is not null, Cancel);

        for (var pause = 0; pause < 2; pause++)
            await rig.Server.Process.PauseAsync(() => Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Cancel));

        var task = await rig.EndAsync(running, Cancel);
        Assert.Equal(("SUCCEEDED", Files + 1), (task.Lifecycle, task.Status!.SucceededCount!.Value));
        Assert.Equal(0, (await rig.ExportAsync(Cancel)).Status!.TotalCount);
        for (var i = 0; i < Files; i++)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(rig.Root, $"file-{i}"), Cancel), await bucket.ReadAsync($"data/file-{i}", Cancel));
        Assert.Empty(await bucket.PendingUploadsAsync(Cancel));
    }
}
