using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>Files that someone writes while they are exported.</summary>
public sealed class ChangingFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_changes_once_is_read_once_more_and_sent_as_it_is_then()
    {
        await using var export = await FaultyExport.CreateAsync(Cancel);
        export.At("UploadPart", "large", times: 1, () => Append(export));

        (await export.RunAsync(Cancel)).EnsureSuccess();

        Assert.Empty(await export.WrongAsync(Cancel));
        Assert.Empty(await export.Bucket.PendingUploadsAsync(Cancel));
    }

    [Fact]
    public async Task A_file_that_never_rests_is_a_row_and_no_mixture_is_stored()
    {
        await using var export = await FaultyExport.CreateAsync(Cancel);
        export.At("UploadPart", "large", times: int.MaxValue, () => Append(export));

        var result = await export.RunAsync(Cancel);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("large,failed,ResourceBusy", await export.FailuresAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(["large"], await export.WrongAsync(Cancel));
        Assert.Equal(["a", "b", "c"], await export.Bucket.KeysAsync(Cancel));
        Assert.Empty(await export.Bucket.PendingUploadsAsync(Cancel));

        export.Proxy.Rule = _ => ProxyAction.Forward;
        (await export.RunAsync(Cancel)).EnsureSuccess();
        Assert.Empty(await export.WrongAsync(Cancel));
    }

    [Fact]
    public async Task A_file_that_vanishes_on_its_way_keeps_what_was_sent_or_is_a_row()
    {
        await using var export = await FaultyExport.CreateAsync(Cancel);
        export.At("CreateMultipartUpload", "large", times: 1, () => File.Delete(Path.Combine(export.Root, "large")));

        await export.RunAsync(Cancel);

        // It was open: what was sent is whole. Else nothing is there.
        var keys = await export.Bucket.KeysAsync(Cancel);
        if (keys.Contains("large")) Assert.Equal(20 << 20, (await export.Bucket.ReadAsync("large", Cancel)).Length);
        Assert.Empty(await export.Bucket.PendingUploadsAsync(Cancel));
    }

    private static void Append(FaultyExport export)
    {
        using var file = new FileStream(Path.Combine(export.Root, "large"), FileMode.Append, FileAccess.Write);
        file.WriteByte(1);
    }
}
