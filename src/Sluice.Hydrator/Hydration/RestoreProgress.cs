using System.Collections.Concurrent;

namespace Sluice.Hydrator.Hydration;

/// <summary>Tells restores that go on slowly from those that do not go on: when the repository last sent a byte of an object, and of any.</summary>
internal sealed class RestoreProgress(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Bucket, string Key), long> _byObject = [];
    private long _any = time.GetTimestamp();

    /// <summary>An object was asked for, or bytes of it came.</summary>
    public void Report(string bucket, string key)
    {
        var now = time.GetTimestamp();
        _byObject[(bucket, key)] = now;
        Volatile.Write(ref _any, now);
    }

    /// <summary>How long an object has not come on. One that was not asked for yet waits for others, so their progress counts.</summary>
    public TimeSpan IdleOf(string bucket, string key, long since) =>
        time.GetElapsedTime(Math.Max(since, _byObject.TryGetValue((bucket, key), out var own) && own >= since ? own : Volatile.Read(ref _any)));

    /// <summary>Its restore has ended.</summary>
    public void Forget(string bucket, string key) => _byObject.TryRemove((bucket, key), out _);
}
