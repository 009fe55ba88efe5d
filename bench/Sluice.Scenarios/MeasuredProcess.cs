using System.Diagnostics;
using System.Runtime.InteropServices;
using Sluice.TestKit;

namespace Sluice.Scenarios;

/// <summary>Runs a program to its end and measures it with the kernel's own counters: CPU time of reaped children (getrusage(2)), memory by the
/// high-water mark in <c>/proc/PID/status</c>, read until the end.</summary>
internal static partial class MeasuredProcess
{
    private const int RusageChildren = -1;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs it. InvalidOperationException: it failed; with all it said.</summary>
    public static async Task<Measurement> RunAsync(ProcessSpec spec, CancellationToken cancellationToken) => (await RunWithOutputAsync(spec, cancellationToken)).Cost;

    /// <summary>Runs it and answers what it wrote to standard output, too.</summary>
    public static async Task<(Measurement Cost, string Output)> RunWithOutputAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(spec.FileName, spec.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in spec.Environment) start.Environment[name] = value;
        var cpuBefore = ChildrenCpu();
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{spec.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var peak = 0L;
        while (!process.WaitForExit(SampleInterval)) peak = Math.Max(peak, ProcessCounters.PeakBytes(process.Id));
        watch.Stop();
        var (errors, said) = (await error, await output);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{spec.FileName} {string.Join(' ', spec.Arguments)} ended with {process.ExitCode}:\n{errors}{said}");
        return (new Measurement(watch.Elapsed, ChildrenCpu() - cpuBefore, peak), said);
    }

    private static TimeSpan ChildrenCpu()
    {
        if (GetRusage(RusageChildren, out var usage) != 0) throw new InvalidOperationException("getrusage failed");
        return TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds) + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds);
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetRusage(int who, out Rusage usage);

    /// <summary>struct rusage of getrusage(2) on 64-bit Linux: two timevals and fourteen longs.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Rusage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public Longs Rest;
    }

    [System.Runtime.CompilerServices.InlineArray(14)]
    private struct Longs
    {
        private long _first;
    }
}
