namespace Sluice.SimulationTests.Virtual;

/// <summary>All randomness of one simulation, from its seed.</summary>
internal sealed class Chance(int seed)
{
    /// <summary>For what wants a generator of its own.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => count <= 1 ? 0 : Random.Next(count);

    /// <summary>From the least to the most, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>The same, with small values as likely as large ones: every factor of two has its share.</summary>
    public long Spread(long least, long most) => (long)(least * Math.Pow((double)most / least, Random.NextDouble()));

    /// <summary>True so often.</summary>
    public bool Roll(double probability) => probability > 0 && Random.NextDouble() < probability;

    /// <summary>One of these.</summary>
    public T Pick<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];

    /// <summary>So many bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Random.NextBytes(bytes);
        return bytes;
    }
}
