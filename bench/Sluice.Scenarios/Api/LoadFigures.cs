using System.Diagnostics;

namespace Sluice.Scenarios.Api;

/// <summary>What a number of requests took.</summary>
internal sealed class LoadFigures
{
    private TimeSpan _wall;
    private TimeSpan _cpu;

    /// <summary>Milliseconds of each request.</summary>
    public Samples Latencies { get; } = new();

    /// <summary>Requests a second.</summary>
    public double PerSecond => Latencies.Count / _wall.TotalSeconds;

    /// <summary>CPU time of the server for one request, in milliseconds.</summary>
    public double Cpu => _cpu.TotalMilliseconds / Latencies.Count;

    /// <summary>Adds requests.</summary>
    /// <param name="wall">From the first's sending to the last's answer.</param>
    /// <param name="cpu">CPU time of the server meanwhile.</param>
    /// <param name="ticks">Each request's time, in the stopwatch's ticks.</param>
    public void Add(TimeSpan wall, TimeSpan cpu, IEnumerable<long> ticks)
    {
        _wall += wall;
        _cpu += cpu;
        foreach (var taken in ticks) Latencies.Add(Stopwatch.GetElapsedTime(0, taken));
    }
}
