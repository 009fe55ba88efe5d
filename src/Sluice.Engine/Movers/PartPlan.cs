namespace Sluice.Engine.Movers;

/// <summary>How a content is cut into parts; a function of its size alone, so that an upload can be resumed.</summary>
internal static class PartPlan
{
    /// <summary>S3's limit of parts per upload.</summary>
    public const int MaxParts = 10_000;

    private const long MiB = 1 << 20;

    /// <summary>Bytes of every part but the last: <paramref name="preferredBytes"/>, or as many whole MiB as keep the count within
    /// <see cref="MaxParts"/>.</summary>
    public static int PartSize(long sizeBytes, int preferredBytes)
    {
        if (PartCount(sizeBytes, preferredBytes) <= MaxParts) return preferredBytes;
        var least = (((sizeBytes + MaxParts - 1) / MaxParts) + MiB - 1) / MiB * MiB;
        return (int)Math.Max(preferredBytes, least);
    }

    /// <summary>Number of parts.</summary>
    public static int PartCount(long sizeBytes, int partSize) => (int)Math.Min(int.MaxValue, (sizeBytes + partSize - 1) / partSize);
}
