using System.IO.MemoryMappedFiles;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Release;

/// <summary>Files that are not released, each with the code that says why; their data stays.</summary>
public sealed class ReleaseRefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_file_that_was_never_exported() => RefusedAsync("OperationNotPermitted", isExported: false);

    [Fact]
    public Task A_file_that_was_changed_since_its_export() =>
        RefusedAsync("OperationNotPermitted", (rig, path) => File.AppendAllTextAsync(path, "more", Cancellation));

    [Fact]
    public Task A_file_that_was_changed_and_given_its_old_size_and_time() => RefusedAsync("OperationNotPermitted", async (rig, path) =>
    {
        var before = rig.Status("a");
        await using (var file = new FileStream(path, FileMode.Open)) file.WriteByte(42);
        using var opened = rig.Open("a");
        FileSystemCalls.SetTimes(opened, before.AtimeNs, before.MtimeNs);
    });

    [Fact]
    public Task A_file_that_has_another_name_than_its_object() => RefusedAsync("OperationNotPermitted", (rig, path) =>
    {
        File.Move(path, rig["b"]);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData("+i")]
    [InlineData("+a")]
    public Task A_file_that_is_immutable_or_append_only(string attribute) => RefusedAsync(
        "OperationNotPermitted", (_, path) => ChangeAttributesAsync(attribute, path), after: path => ChangeAttributesAsync("-ia", path));

    [Fact]
    public async Task A_file_that_somebody_has_open()
    {
        FileStream? open = null;
        await RefusedAsync(
            "ResourceBusy",
            (_, path) =>
            {
                open = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                return Task.CompletedTask;
            },
            after: async _ => await open!.DisposeAsync());
    }

    [Fact]
    public async Task A_file_that_somebody_has_mapped()
    {
        MemoryMappedFile? mapped = null;
        MemoryMappedViewAccessor? view = null;
        await RefusedAsync(
            "ResourceBusy",
            async (_, path) =>
            {
                // Nobody has it open any more at the end of this.
                await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
                mapped = MemoryMappedFile.CreateFromFile(file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
                view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            },
            after: _ =>
            {
                view!.Dispose();
                mapped!.Dispose();
                return Task.CompletedTask;
            });
    }

    [Fact]
    public Task A_file_whose_object_is_gone() =>
        RefusedAsync("SourceObjectDeletedBeforeReleasing", (rig, _) => rig.Bucket.DeleteAsync(HsmRig.Key("a"), Cancellation));

    [Fact]
    public Task A_file_whose_object_was_replaced() => RefusedAsync("S3Error", (rig, _) => rig.Bucket.PutAsync(
        new()
        {
            Key = HsmRig.Key("a"), Content = new byte[1000], Checksum = Repositories.Checksums.Crc64Nvme.Hash(new byte[1000]),
            Metadata = new() { User = new Dictionary<string, string>() },
        },
        StartPermit.Unrestricted, Cancellation));

    [Fact]
    public Task A_file_that_is_marked_as_not_to_be_released() => RefusedAsync("OperationNotPermitted", (rig, _) =>
    {
        rig.Rewrite("a", record => record with { States = record.States | HsmStates.NoRelease });
        return Task.CompletedTask;
    });

    private static async Task RefusedAsync(string code, Func<HsmRig, string, Task>? change = null, bool isExported = true, Func<string, Task>? after = null)
    {
        await using var rig = await HsmRig.CreateAsync();
        await ReleaseTests.MakeAsync(rig, "a", 1000);
        if (isExported) await rig.ExportAsync();
        if (change is not null) await change(rig, rig["a"]);

        var task = await rig.ReleaseAsync();

        if (after is not null) await after(rig["a"]);
        var name = File.Exists(rig["a"]) ? "a" : "b";
        Assert.Equal((TaskLifecycle.Failed, (0, 1, 1)), (task.Lifecycle, rig.Counts));
        Assert.Equal([$"{name},failed,{code}"], rig.Failures);
        Assert.False(rig.State(name).States.HasFlag(HsmStates.Released));
        Assert.Null(rig.State(name).Object);
        Assert.Equal(TestContent.Bytes(seed: 1, size: 1000)[1..], (await File.ReadAllBytesAsync(rig[name], Cancellation))[1..1000]);
        Assert.DoesNotContain("watch", rig.Guard.Calls);
    }

    private static async Task ChangeAttributesAsync(string attribute, string path) =>
        (await ProcessRunner.RunAsync(new(Require.Tool("chattr")) { Arguments = [attribute, path] }, Cancellation)).EnsureSuccess();
}
