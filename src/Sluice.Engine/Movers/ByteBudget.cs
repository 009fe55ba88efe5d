using System.Threading.RateLimiting;

namespace Sluice.Engine.Movers;

/// <summary>Bounds the content bytes held in memory by all tasks together. First come, first served.</summary>
internal sealed class ByteBudget : IDisposable
{
    private const int UnitBytes = 4096;

    private readonly int _units;
    private readonly Slots _slots;

    public ByteBudget(long bytes)
    {
        _units = (int)Math.Min(int.MaxValue, bytes / UnitBytes);
        _slots = new Slots(_units);
    }

    /// <summary>Waits until <paramref name="bytes"/> may be held; more than the whole budget waits for all of it. Dispose the lease to give them back.</summary>
    public ValueTask<RateLimitLease> AcquireAsync(long bytes, CancellationToken cancellationToken) =>
        _slots.TakeAsync((int)Math.Clamp((bytes + UnitBytes - 1) / UnitBytes, 1, _units), cancellationToken);

    public void Dispose() => _slots.Dispose();
}
