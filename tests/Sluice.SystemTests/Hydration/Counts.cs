namespace Sluice.SystemTests.Hydration;

/// <summary>How much the long-running tests do; the soak does more.</summary>
internal static class Counts
{
    /// <summary>The number <paramref name="name"/> sets, or <paramref name="otherwise"/>.</summary>
    public static long Of(string name, long otherwise) => long.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
