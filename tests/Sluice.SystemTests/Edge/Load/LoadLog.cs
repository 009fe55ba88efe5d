using System.Collections.Concurrent;
using System.Globalization;

namespace Sluice.SystemTests.Edge.Load;

/// <summary>What the clients of a load saw: how long answers took, what was made, and what was answered that the API does not promise.</summary>
internal sealed class LoadLog
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<TimeSpan>> _latencies = new();

    /// <summary>Tasks that were accepted.</summary>
    public ConcurrentQueue<string> TaskIds { get; } = new();

    /// <summary>Answers that nobody should have got.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Answers by operation and code.</summary>
    public ConcurrentDictionary<string, int> Outcomes { get; } = new();

    /// <summary>Notes an answer.</summary>
    public void Add(string operation, string? code, TimeSpan latency)
    {
        Outcomes.AddOrUpdate($"{operation} {code ?? "answered"}", 1, (_, count) => count + 1);
        _latencies.GetOrAdd(operation, _ => []).Add(latency);
    }

    /// <summary>A line for each operation with the percentiles of its latency.</summary>
    public IEnumerable<string> Percentiles()
    {
        foreach (var (operation, latencies) in _latencies.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            TimeSpan[] sorted = [.. latencies.Order()];
            var shares = new[] { 0.5, 0.9, 0.99, 0.999, 1 }.Select(share =>
                string.Create(CultureInfo.InvariantCulture, $"p{share * 100:0.#} {sorted[(int)Math.Min(share * sorted.Length, sorted.Length - 1)].TotalMilliseconds:0.0} ms"));
            yield return $"{operation}: {sorted.Length} answers, {string.Join(", ", shares)}";
        }
    }
}
