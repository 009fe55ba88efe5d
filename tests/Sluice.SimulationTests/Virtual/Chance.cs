namespace Sluice.SimulationTests.Virtual;

/// <summary>All randomness of one simulation, from its seed.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>For what wants a generator of its own.</summary>
    public Random Random => _random;

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => count <= 1 ? 0 : _random.Next(count);

    /// <summary>From the least to the most, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>The same, with small values as likely as large ones: every factor of two has its share.</summary>
    public long Spread(long least, long most) => (long)(least * Math.Pow((double)most / least, _random.NextDouble()));

    /// <summary>True so often.</summary>
    public bool Roll(double probability) => probability > 0 && _random.NextDouble() < probability;

    /// <summary>One of these.</summary>
    public T Pick<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];

    /// <summary>So many bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
