namespace Sluice.Scenarios;

/// <summary>Repeated measurements of one thing: median, percentiles, greatest.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    /// <summary>How many.</summary>
    public int Count => _values.Count;

    /// <summary>The value in the middle.</summary>
    public double Median => Statistics.Median(_values, static value => value);

    /// <summary>The least.</summary>
    public double Least => _values.Min();

    /// <summary>The greatest.</summary>
    public double Greatest => _values.Max();

    /// <summary>The 99th percentile.</summary>
    public double P99 => Percentile(0.99);

    /// <summary>Adds one.</summary>
    public void Add(double value) => _values.Add(value);

    /// <summary>Adds a span in milliseconds.</summary>
    public void Add(TimeSpan span) => Add(span.TotalMilliseconds);

    /// <summary>The least value that at least <paramref name="part"/> of all values do not exceed; of few, the greatest.</summary>
    public double Percentile(double part)
    {
        var sorted = _values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
