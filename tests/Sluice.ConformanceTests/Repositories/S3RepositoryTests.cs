using Sluice.Repositories;
using Sluice.Repositories.Resolving;
using Sluice.Repositories.S3;
using Sluice.TestKit;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

/// <summary>The repository at a real S3 server.</summary>
public sealed class S3RepositoryTests : RepositorySuite
{
    private RgwBucket? _bucket;
    private S3Access? _access;

    protected override int SmallestPartBytes => 5 << 20;

    // The AWS SDK signs another path than it sends for such a key.
    protected override bool TakesLeadingSlash => false;

    // Ceph's gateway stores a key with a prefix of its own and refuses what is longer with it.
    protected override int LongestKeyBytes => 1000;

    protected override async Task<IObjectRepository> OpenAsync()
    {
        var server = await RgwServer.GetAsync();
        _bucket = await server.CreateBucketAsync(Cancellation);
        _access = S3ClientFactory.Create(
            new S3Endpoint { Url = server.Endpoint }, new Amazon.Runtime.BasicAWSCredentials(server.AccessKey, server.SecretKey), TimeProvider.System);
        return new S3Repository(_bucket.Name, _access);
    }

    [Fact]
    public async Task A_wrong_clock_is_put_right_by_the_endpoints_answer()
    {
        var server = await RgwServer.GetAsync();
        using var access = S3ClientFactory.Create(
            new S3Endpoint { Url = server.Endpoint }, new Amazon.Runtime.BasicAWSCredentials(server.AccessKey, server.SecretKey), new SlowClock());
        var repository = new S3Repository(_bucket!.Name, access);

        var refused = await Assert.ThrowsAsync<RepositoryException>(() => repository.HeadAsync("key", Cancellation));

        Assert.True(refused.IsTransient);
        Assert.Null(await repository.HeadAsync("key", Cancellation));
    }

    protected override IObjectRepository OpenMissing() => new S3Repository("missing-bucket", _access!);

    protected override async ValueTask RemoveAsync()
    {
        _access?.Dispose();
        if (_bucket is not null) await _bucket.DisposeAsync();
    }

    /// <summary>A clock that is an hour late.</summary>
    private sealed class SlowClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(-1);
    }
}
