namespace Sluice.Engine.Scanning;

/// <summary>Times of objects and uploads in the file system's unit.</summary>
internal static class ObjectTimes
{
    private const int NanosecondsPerTick = 100;

    /// <summary>Nanoseconds since 1970.</summary>
    public static long Ns(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
