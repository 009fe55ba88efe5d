namespace Sluice.Scenarios;

/// <summary>What is made of many figures.</summary>
internal static class Statistics
{
    /// <summary>The value in the middle.</summary>
    public static double Median<T>(IEnumerable<T> runs, Func<T, double> value)
    {
        var sorted = runs.Select(value).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The k of y = c·x^k that fits best: the slope of the straight line through the logarithms, by least squares.</summary>
    public static double Exponent(IReadOnlyList<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(point => Math.Log(point.X)), points.Average(point => Math.Log(point.Y)));
        return points.Sum(point => (Math.Log(point.X) - x) * (Math.Log(point.Y) - y)) / points.Sum(point => Math.Pow(Math.Log(point.X) - x, 2));
    }
}
