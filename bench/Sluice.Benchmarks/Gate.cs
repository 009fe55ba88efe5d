using BenchmarkDotNet.Attributes;
using Sluice.Core.Tasks;

namespace Sluice.Benchmarks;

/// <summary>One file's way through the start gate, beside the interlocked operations it needs.</summary>
public class Gate
{
    private readonly StartGate _gate = new();
    private long _word;

    [Benchmark(Baseline = true)]
    public long TwoInterlocked()
    {
        Interlocked.Increment(ref _word);
        return Interlocked.Decrement(ref _word);
    }

    [Benchmark]
    public bool Permit()
    {
        var permit = _gate.NewPermit();
        var begins = permit.TryBegin();
        permit.Begun();
        return begins;
    }

    [GlobalCleanup]
    public void Cleanup() => _gate.Dispose();
}
