using Amazon.Runtime;
using Sluice.Repositories.Resolving;
using Sluice.Repositories.S3;
using Sluice.TestKit;

namespace Sluice.SystemTests;

/// <summary>A bucket of its own at the real S3 server, and the product's way to it.</summary>
internal sealed class S3Bucket : IAsyncDisposable
{
    private readonly S3Access _access;

    private S3Bucket(RgwBucket bucket, S3Access access) => (Stored, _access, Repository) = (bucket, access, new S3Repository(bucket.Name, access));

    /// <summary>The bucket past any proxy.</summary>
    public RgwBucket Stored { get; }

    /// <summary>The bucket as the product sees it, without retries.</summary>
    public S3Repository Repository { get; }

    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="proxy">What the product's requests pass; null for nothing.</param>
    /// <param name="stallLimit">Longest wait without a byte; null for the ordinary one.</param>
    public static async Task<S3Bucket> CreateAsync(CancellationToken cancellationToken, S3Proxy? proxy = null, TimeSpan? stallLimit = null)
    {
        var server = await RgwServer.GetAsync();
        var bucket = await server.CreateBucketAsync(cancellationToken);
        var endpoint = new S3Endpoint { Url = proxy?.Endpoint ?? server.Endpoint };
        if (stallLimit is { } limit) endpoint = endpoint with { StallLimit = limit };
        return new S3Bucket(bucket, S3ClientFactory.Create(endpoint, new BasicAWSCredentials(server.AccessKey, server.SecretKey), TimeProvider.System));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _access.Dispose();
        await Stored.DisposeAsync();
    }
}
