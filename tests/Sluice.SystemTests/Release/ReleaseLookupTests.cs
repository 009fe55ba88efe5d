using Sluice.Core.Files;
using Xunit;

namespace Sluice.SystemTests.Release;

/// <summary>How a release finds out what is in the bucket.</summary>
public sealed class ReleaseLookupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_objects_of_many_files_are_looked_up_by_listing_them_and_by_a_HEAD_where_the_listing_shows_another()
    {
        await using var bucket = await S3Bucket.CreateAsync(Cancellation);
        await using var rig = await HsmRig.CreateAsync(bucket: bucket.Repository);
        string[] names = [.. Enumerable.Range(0, 30).Select(number => $"many/é {number}\n"), .. Enumerable.Range(0, 10).Select(number => $"many/\U00010000{number}")];
        Directory.CreateDirectory(rig["many"]);
        foreach (var name in names) await File.WriteAllTextAsync(rig[name], name, Cancellation);
        await rig.ExportAsync();
        await rig.Bucket.DeleteAsync(HsmRig.Key(names[3]), Cancellation);
        rig.Counter.Calls.Clear();

        await rig.ReleaseAsync("many");

        Assert.Equal((39, 1, 40), rig.Counts);
        Assert.EndsWith("SourceObjectDeletedBeforeReleasing", string.Concat(rig.Failures), StringComparison.Ordinal);
        Assert.Equal((1, 1), (rig.Counter.Of("ListAsync"), rig.Counter.Of("HeadAsync")));
        foreach (var name in names.Except([names[3]])) Assert.True(rig.State(name).Record!.Value.States.HasFlag(HsmStates.Released), name);
    }
}
