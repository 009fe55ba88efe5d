using System.Threading.RateLimiting;

namespace Sluice.Engine.Movers;

/// <summary>
/// Has no more than so many do something at a time; first come, first served. Unlike with a semaphore, who has waited goes on where he would have without
/// waiting: with the scheduler of his own task.
/// </summary>
/// <param name="count">How many; at least 1.</param>
internal sealed class Slots(int count) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = count, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for one. Dispose the lease to give it back; twice is as good as once.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => TakeAsync(1, cancellationToken);

    /// <summary>Waits for several at once.</summary>
    public ValueTask<RateLimitLease> TakeAsync(int slots, CancellationToken cancellationToken) => _limiter.AcquireAsync(slots, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
