namespace Sluice.TestKit;

/// <summary>How much the long-running tests do; the soak does more.</summary>
public static class Counts
{
    /// <summary>The number <paramref name="name"/> sets, or <paramref name="otherwise"/>.</summary>
    public static long Of(string name, long otherwise) => long.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
