namespace Sluice.TestKit;

/// <summary>When a test gives up waiting.</summary>
public static class Hang
{
    /// <summary>What has not come by then won't come. Far above what anything takes on a slow and busy machine: how fast one is decides no test.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(10);
}
