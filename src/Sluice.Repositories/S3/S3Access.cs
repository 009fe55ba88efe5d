using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Repositories.Resolving;
using Sluice.Repositories.S3.Http;

namespace Sluice.Repositories.S3;

/// <summary>All ways to one endpoint: the SDK's client, and connections of our own for the requests of which there is one for each file. Both sign with the
/// same credentials.</summary>
internal sealed class S3Access : IDisposable
{
    private readonly S3Endpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly RequestSigner _signer;
    private readonly ConcurrentDictionary<string, HttpConnectionPool> _pools = new(StringComparer.Ordinal);

    /// <param name="sdk">The SDK's client; disposed with this.</param>
    /// <param name="credentials">Its credentials.</param>
    /// <param name="endpoint">How to talk to it.</param>
    /// <param name="time">The clock.</param>
    public S3Access(AmazonS3Client sdk, AWSCredentials credentials, S3Endpoint endpoint, TimeProvider time)
    {
        Sdk = sdk;
        _endpoint = endpoint;
        _time = time;
        _signer = new RequestSigner(credentials, sdk.Config.AuthenticationRegion ?? sdk.Config.RegionEndpoint.SystemName, time);
    }

    /// <summary>The endpoint, for people.</summary>
    public string Name => _endpoint.Url ?? "Amazon S3";

    /// <summary>The SDK's client.</summary>
    public IAmazonS3 Sdk { get; }

    /// <summary>Our own client for one bucket.</summary>
    public S3HttpClient HttpClient(string bucket)
    {
        // The SDK knows where a bucket is: by path or host name, and in which partition.
        var address = new HttpAddress(new Uri(Sdk.DetermineServiceOperationEndpoint(new GetObjectRequest { BucketName = bucket, Key = "key" }).URL));
        var pool = _pools.GetOrAdd($"{address.IsEncrypted} {address.Host}", _ => new HttpConnectionPool(address, _endpoint.Connections, _time));
        return new S3HttpClient(address, pool, _signer, _endpoint.StallLimit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sdk.Dispose();
        foreach (var pool in _pools.Values) pool.Dispose();
    }
}
