using Sluice.Repositories;
using Sluice.SystemTests.Release;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>
/// The engine over a real file system and a bucket at the real S3 server, with a proxy between them. Made once for all rows of the matrix, each of which has
/// a directory of its own. The engine is less patient than it usually is.
/// </summary>
public sealed class FaultyTasks : IAsyncLifetime
{
    /// <summary>How often a request is made in all.</summary>
    public const int Attempts = 4;

    private static readonly RetryOptions Retry = new()
    {
        Attempts = Attempts, FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5),
    };

    private static readonly TimeSpan StallLimit = TimeSpan.FromMilliseconds(400);

    private S3Proxy? _proxy;
    private S3Bucket? _bucket;
    private HsmRig? _rig;
    private int _trials;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Gets ready for a row.</summary>
    internal async Task<FaultTrial> BeginAsync(FaultRow row, CancellationToken cancellationToken)
    {
        // Here, not before the first test: what is missing on this machine skips tests, not their class.
        _proxy ??= (await RgwServer.GetAsync()).StartProxy();
        _bucket ??= await S3Bucket.CreateAsync(cancellationToken, _proxy, StallLimit);
        _rig ??= await HsmRig.CreateAsync(
            bucket: new RetryingRepository(_bucket.Repository, Retry, TimeProvider.System, new Random(1)), adjust: options => options with { UnavailableLimit = 2 });
        _rig.JournalTime = new ImpatientTime();
        return await FaultTrial.BeginAsync(row, _rig, _proxy, _bucket.Stored, $"row-{++_trials}", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null) await _rig.DisposeAsync();
        if (_bucket is not null) await _bucket.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
    }
}
