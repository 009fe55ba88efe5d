using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.SystemTests.Release;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>What is beneath the root and something else elsewhere at the same time: hard links, bind mounts.</summary>
public sealed class BoundaryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_mounted_within_is_neither_exported_nor_imported_into_nor_released(bool isGuarded)
    {
        await using var rig = await HsmRig.CreateAsync(folder: "root");
        rig.IsGuarded = isGuarded;
        var outside = Path.GetFullPath(rig["../outside"]);
        Directory.CreateDirectory(rig["bound"]);
        await File.WriteAllTextAsync(rig["bound-file"], "inside", Cancellation);
        using var canaries = Canaries.Make(outside, ["secret", "dir/secret"], bytes: 5000);
        foreach (var key in new[] { "bound/secret", "bound/new", "bound-file/new" }) await rig.Bucket.PutAsync(Empty(key), StartPermit.Unrestricted, Cancellation);
        await using (await Mount.BindAsync(outside, rig["bound"]))
        await using (await Mount.BindAsync(Path.Combine(outside, "secret"), rig["bound-file"]))
        {
            foreach (var type in new[] { TaskType.Export, TaskType.Release, TaskType.Restore, TaskType.ImportMetadata }) await rig.RunAsync(type);
            foreach (var path in new[] { "bound/dir", "bound/dir/secret" }) Assert.Equal(TaskLifecycle.Failed, (await rig.ExportAsync(path)).Lifecycle);
            canaries.AssertUntouched("bind mounts");
        }

        // The way past the guard leads beneath what is mounted, to what is the file system's own.
        Assert.Equal(isGuarded ? ["new", "secret"] : [], Directory.GetFiles(rig["bound"]).Select(Path.GetFileName).Order());
        await foreach (var item in rig.Bucket.ListAsync("", startAfter: null, Cancellation))
        {
            Assert.False(Canaries.IsIn(await rig.Bucket.ReadAsync(item.Key, Cancellation)), $"'{item.Key}' holds what is mounted.");
        }
    }

    [Fact]
    public async Task A_hard_link_within_is_a_file_within_whatever_other_names_it_has()
    {
        await using var rig = await HsmRig.CreateAsync(folder: "root");
        var outside = Path.GetFullPath(rig["../other-name"]);
        await File.WriteAllBytesAsync(outside, TestContent.Bytes(seed: 3, 10_000), Cancellation);
        (await ProcessRunner.RunAsync(new(Require.Tool("ln")) { Arguments = [outside, rig["name"]] }, Cancellation)).EnsureSuccess();

        await rig.ExportAsync();
        await rig.ReleaseAsync();

        // One inode: its state is that of every name, and so is its data.
        Assert.Equal(HsmStates.Released | HsmStates.Exists | HsmStates.Archived, rig.State("name").States);
        Assert.True(FileFacts.Of(outside).HasNoData);
        await rig.RunAsync(TaskType.Restore);
        Assert.Equal(TestContent.Bytes(seed: 3, 10_000), await File.ReadAllBytesAsync(outside, Cancellation));
    }

    [Fact]
    public async Task A_FIFO_or_device_that_takes_a_files_place_is_not_opened()
    {
        await using var rig = await HsmRig.CreateAsync();
        using var watch = new FileWatch();
        await File.WriteAllTextAsync(rig["fifo"], "x", Cancellation);
        await File.WriteAllTextAsync(rig["device"], "x", Cancellation);
        await rig.ExportAsync();
        (await ProcessRunner.RunAsync(new(Require.Tool("mkfifo")) { Arguments = [rig["fifo.new"]] }, Cancellation)).EnsureSuccess();
        (await ProcessRunner.RunAsync(new(Require.Tool("mknod")) { Arguments = [rig["device.new"], "c", "1", "5"] }, Cancellation)).EnsureSuccess();
        foreach (var name in new[] { "fifo.new", "device.new" }) watch.AddOpens(rig[name]);

        foreach (var type in new[] { TaskType.Export, TaskType.Release, TaskType.Restore })
        {
            // Time and again in the moment between the look of the scan and that of the mover. One race over all: a task by itself may be over in a millisecond.
            using var race = new RenameExchange([(rig["fifo"], rig["fifo.new"]), (rig["device"], rig["device.new"])]);
            for (var i = 0; i < 20; i++) await rig.RunAsync(type);
        }

        Assert.Empty(watch.Take());
    }

    private static Repositories.PutRequest Empty(string name) => new()
    {
        Key = HsmRig.Key(name), Content = Array.Empty<byte>(), Checksum = Repositories.Checksums.Crc64Nvme.Hash([]),
        Metadata = new Repositories.ObjectMetadata { User = new Dictionary<string, string>() },
    };
}
