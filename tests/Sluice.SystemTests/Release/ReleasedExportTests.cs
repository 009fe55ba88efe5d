using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Engine.Movers;
using Xunit;

namespace Sluice.SystemTests.Release;

/// <summary>Exports of files whose data is only in the repository.</summary>
public sealed class ReleasedExportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_released_file_is_current()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        await rig.ExportAsync();
        Assert.Equal((0, 0, 0), rig.Counts);
    }

    [Fact]
    public async Task A_renamed_released_file_is_copied_to_its_new_key_and_its_data_comes_from_there()
    {
        await using var rig = await HsmRig.CreateAsync();
        await RenamedAsync(rig);
    }

    [Fact]
    public async Task The_same_is_true_at_an_s3_server()
    {
        await using var bucket = await S3Bucket.CreateAsync(Cancellation);
        await using var rig = await HsmRig.CreateAsync(bucket: bucket.Repository);
        await RenamedAsync(rig);
        var large = await rig.MakeReleasedAsync("large", (6 << 20) + 1);
        await rig.RunAsync(TaskType.Restore);
        Assert.Equal(large, await File.ReadAllBytesAsync(rig["large"], Cancellation));
    }

    [Fact]
    public async Task New_permissions_and_times_of_a_released_file_reach_its_object()
    {
        await using var rig = await HsmRig.CreateAsync();
        var content = await rig.MakeReleasedAsync("a");
        File.SetUnixFileMode(rig["a"], UnixFileMode.UserRead);
        File.SetLastWriteTimeUtc(rig["a"], DateTime.UnixEpoch.AddSeconds(5));
        await rig.ExportAsync();
        Assert.Equal((1, 0, 1), rig.Counts);
        var user = (await rig.Bucket.HeadAsync(HsmRig.Key("a"), Cancellation))!.Metadata.User;
        Assert.Equal(("0100400", "5000000000ns"), (user[PosixMetadata.Permissions], user[PosixMetadata.Mtime]));

        await rig.ExportAsync();
        Assert.Equal((0, 0, 0), rig.Counts);
        await rig.RestoreAsync("a");
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["a"], Cancellation));
        await rig.ExportAsync();
        Assert.Equal((0, 0, 0), rig.Counts);
    }

    [Fact]
    public async Task A_released_file_without_its_object_is_left_out_without_a_row()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        File.Move(rig["a"], rig["b"]);
        await rig.Bucket.DeleteAsync(HsmRig.Key("a"), Cancellation);
        var task = await rig.ExportAsync();
        Assert.Equal((TaskLifecycle.Succeeded, (0, 0, 0)), (task.Lifecycle, rig.Counts));
        Assert.Null(await rig.Bucket.HeadAsync(HsmRig.Key("b"), Cancellation));
    }

    [Fact]
    public async Task A_released_file_of_another_bucket_is_left_out()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        File.Move(rig["a"], rig["b"]);
        using (var file = rig.Open("b")) rig.Ledger.WriteAddress(file, new ObjectAddress("elsewhere", "key", "etag"));
        await rig.ExportAsync();
        Assert.Equal((0, 0, 0), rig.Counts);
        Assert.Null(await rig.Bucket.HeadAsync(HsmRig.Key("b"), Cancellation));
    }

    [Fact]
    public async Task A_released_file_that_was_written_to_while_nobody_guarded_it_is_a_row()
    {
        await using var rig = await HsmRig.CreateAsync();
        await rig.MakeReleasedAsync("a");
        await File.WriteAllTextAsync(rig["a"], "new", Cancellation);
        await rig.ExportAsync();
        Assert.Equal((0, 1, 1), rig.Counts);
        Assert.Equal(["a,failed,ResourceBusy"], rig.Failures);

        // Reading it settles what it is.
        Assert.Equal(RestoreResult.Overwritten, await rig.RestoreAsync("a"));
        await rig.ExportAsync();
        Assert.Equal((1, 0, 1), rig.Counts);
        Assert.Equal(3, (await rig.Bucket.HeadAsync(HsmRig.Key("a"), Cancellation))!.SizeBytes);
    }

    private static async Task RenamedAsync(HsmRig rig)
    {
        var content = await rig.MakeReleasedAsync("a");
        File.Move(rig["a"], rig["b"]);
        await rig.ExportAsync();
        Assert.Equal((1, 0, 1), rig.Counts);
        Assert.Equal(content.Length, (await rig.Bucket.HeadAsync(HsmRig.Key("b"), Cancellation))!.SizeBytes);
        Assert.True(rig.State("b").States.HasFlag(HsmStates.Released));
        Assert.Equal(HsmRig.Key("b"), rig.State("b").Object!.Key);

        await rig.ExportAsync();
        Assert.Equal((0, 0, 0), rig.Counts);
        await rig.Bucket.DeleteAsync(HsmRig.Key("a"), Cancellation);
        await rig.RestoreAsync("b");
        Assert.Equal(content, await File.ReadAllBytesAsync(rig["b"], Cancellation));
    }
}
