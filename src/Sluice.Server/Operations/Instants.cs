namespace Sluice.Server.Operations;

/// <summary>Instants of resources: whole milliseconds, as the wire carries them.</summary>
internal static class Instants
{
    public static DateTimeOffset Now(TimeProvider time) => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
