using Sluice.SystemTests.Hydration;
using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>The real program over a guarded disk and a real bucket, with a proxy between them that logs, for trials of imports and releases.</summary>
internal sealed class HydrationLane : IAsyncDisposable
{
    /// <summary>Prefix of the linked keys.</summary>
    public const string Prefix = "lane/";

    private static readonly string[] Kinds = ["ext4", "xfs", "btrfs"];

    private HydrationLane(HydrationRig rig, RgwBucket bucket, S3Proxy proxy, int concurrency) => (Rig, Bucket, Proxy, Concurrency) = (rig, bucket, proxy, concurrency);

    public HydrationRig Rig { get; }

    public RgwBucket Bucket { get; }

    public S3Proxy Proxy { get; }

    /// <summary>Files in flight at most.</summary>
    public int Concurrency { get; }

    public static async Task<HydrationLane> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var rgw = await RgwServer.GetAsync();
        var bucket = await rgw.CreateBucketAsync(cancellationToken);
        var proxy = rgw.StartProxy();
        try
        {
            var options = new HydrationOptions
            {
                Kind = Kinds[seed / 10 % Kinds.Length],
                RepositoryPath = $"{bucket.Url}/{Prefix.TrimEnd('/')}",
                Environment = rgw.EnvironmentFor(proxy),
                Concurrency = new Random(seed).Next(1, 33),
            };
            return new HydrationLane(await HydrationRig.StartAsync(options, cancellationToken), bucket, proxy, options.Concurrency);
        }
        catch
        {
            await proxy.DisposeAsync();
            await bucket.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        await Proxy.DisposeAsync();
        await Bucket.DisposeAsync();
    }
}
