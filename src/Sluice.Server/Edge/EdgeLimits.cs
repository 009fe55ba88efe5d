using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sluice.Server.Edge;

/// <summary>What one process grants its clients before it knows who they are, so that they can take neither its memory nor its descriptors.</summary>
internal static class EdgeLimits
{
    /// <summary>Connections at a time; the one too many is closed.</summary>
    public const int MaxConnections = 4096;

    // Tasks open files: however many clients connect, most descriptors are left to the tasks.
    private const int DescriptorsPerConnection = 4;

    /// <summary>Sets the limits.</summary>
    /// <param name="limits">The web server's.</param>
    /// <param name="descriptors">Descriptors the process may have.</param>
    public static void Apply(KestrelServerLimits limits, long descriptors)
    {
        limits.MaxConcurrentConnections = Math.Clamp(descriptors / DescriptorsPerConnection, 1, MaxConnections);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.MaxRequestBodySize = RequestBodies.MaxBytes;
        limits.MaxRequestBufferSize = 64 << 10;

        // A whole body of the largest size takes about half a minute at this rate; within the grace period, no request of the usual size is measured.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 32 << 10, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
