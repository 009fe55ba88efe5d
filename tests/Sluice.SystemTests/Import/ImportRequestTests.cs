using Sluice.Core.Tasks;
using Sluice.Engine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Import;

/// <summary>What an import asks of a real S3 server.</summary>
public sealed class ImportRequestTests
{
    private const int Directories = 30;
    private const int FilesEach = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unchanged_object_costs_neither_a_head_nor_a_write()
    {
        await using var proxy = (await RgwServer.GetAsync()).StartProxy();
        await using var bucket = await S3Bucket.CreateAsync(Cancellation, proxy);
        await using var rig = await ImportRig.StartAsync(bucket: bucket.Repository);
        await PutAllAsync(rig);

        proxy.Mark();
        proxy.Forget();
        var first = await rig.ImportAsync();
        Assert.Equal((TaskLifecycle.Succeeded, (long)Directories * (FilesEach + 1)), (first.Lifecycle, first.Progress!.Value.SucceededCount));
        var asked = Count(proxy);
        Assert.Equal(Directories * (FilesEach + 1), asked["HeadObject"]);
        Assert.DoesNotContain("PutObject", asked.Keys);
        var changed = rig.Paths().ToDictionary(path => path, path => rig.StatusOf(path.TrimEnd('/'))!.Value.CtimeNs);

        proxy.Forget();
        Assert.Equal(0, (await rig.ImportAsync()).Progress!.Value.TotalCount);
        asked = Count(proxy);
        Assert.Equal(["ListObjects"], asked.Keys);
        Assert.Equal(changed, rig.Paths().ToDictionary(path => path, path => rig.StatusOf(path.TrimEnd('/'))!.Value.CtimeNs));

        // One that changed costs one.
        await rig.PutAsync("d7/f7", "another");
        proxy.Mark();
        proxy.Forget();
        Assert.Equal(1, (await rig.ImportAsync()).Progress!.Value.SucceededCount);
        Assert.Equal(1, Count(proxy)["HeadObject"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Listing_in_parts_finds_every_key_once(int streams)
    {
        await using var rig = await ImportRig.StartAsync();
        var bucket = new WatchedBucket(rig.Bucket);
        (rig.Seen, rig.Options) = (bucket, new EngineOptions { WorkDirectory = rig.Options.WorkDirectory, ListingsInParallel = streams });
        await PutAllAsync(rig);

        // Names around a slash in byte order, where parts are cut.
        foreach (var name in new[] { "d7!", "d7-/x", "d7.", "d7.x/x", "d7.txt", "d70", "d7\u00e9/x" }) await rig.PutAsync(name, "x");
        var task = await rig.ImportAsync();
        Assert.Equal((Directories * (FilesEach + 1)) + 7, task.Progress!.Value.SucceededCount);
        Assert.Equal(bucket.Heads.Count, bucket.Heads.Distinct().Count());
        Assert.Equal(task.Progress.Value.SucceededCount, bucket.Heads.Count);
        Assert.Equal(0, (await rig.ImportAsync()).Progress!.Value.TotalCount);
    }

    private static Dictionary<string, int> Count(S3Proxy proxy)
    {
        proxy.Mark();
        return proxy.Requests.GroupBy(request => request.Operation).ToDictionary(group => group.Key, group => group.Count());
    }

    private static async Task PutAllAsync(ImportRig rig)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation };
        await Parallel.ForAsync(0, Directories, options, async (i, _) => await rig.PutAsync($"d{i}/", "", ("file-mtime", "1000000000ns")));
        await Parallel.ForAsync(0, Directories * FilesEach, options, async (i, _) => await rig.PutAsync($"d{i % Directories}/f{i / Directories}", "x"));
    }
}
