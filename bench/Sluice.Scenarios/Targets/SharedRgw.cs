using Sluice.TestKit;

namespace Sluice.Scenarios.Targets;

/// <summary>The S3 server that the tests share, with a bucket of its own: starts at once, measures nothing.</summary>
internal sealed class SharedRgw : S3Target
{
    private readonly RgwBucket _bucket;

    private SharedRgw(RgwBucket bucket) => _bucket = bucket;

    /// <inheritdoc/>
    public override string Description => "Ceph RADOS Gateway of the tests";

    /// <inheritdoc/>
    public override string Endpoint => _bucket.Server.Endpoint;

    /// <inheritdoc/>
    public override string Bucket => _bucket.Name;

    /// <summary>Makes a bucket there.</summary>
    public static async Task<SharedRgw> CreateAsync(CancellationToken cancellationToken) =>
        new(await (await RgwServer.GetAsync()).CreateBucketAsync(cancellationToken));

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _bucket.DisposeAsync();
}
