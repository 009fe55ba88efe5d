using System.Collections.Concurrent;
using System.Diagnostics;
using Sluice.Core.Tasks;
using Sluice.SimulationTests.Mutations;
using Sluice.SimulationTests.Posix;

namespace Sluice.SimulationTests;

/// <summary>Runs many seeds, each in one thread, on as many threads as there are processors.</summary>
internal static class SimulationRuns
{
    /// <summary>Runs seeds until so many have failed.</summary>
    public static async Task<SimulationSummary> RunAsync(int first, int count, Func<Mutation> mutation, int mostFailures)
    {
        await SimulatedLibc.EnsureInstalledAsync();
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(first, count));
        var results = new ConcurrentBag<SimulationResult>();
        var failures = 0;
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => OnThreadAsync(work =>
        {
            while (Volatile.Read(ref failures) < mostFailures && seeds.TryDequeue(out var seed))
            {
                var result = Simulation.Run(seed, SimulationPlan.Of, mutation(), work);
                if (result.Violations.Count > 0) Interlocked.Increment(ref failures);
                results.Add(result);
            }
        }));
        await Task.WhenAll(threads.ToList());
        return SimulationSummary.Of([.. results], watch.Elapsed);
    }

    /// <summary>Runs one seed again and records what happens.</summary>
    public static async Task<SimulationResult> ReplayAsync(int seed, Func<Mutation> mutation)
    {
        await SimulatedLibc.EnsureInstalledAsync();
        SimulationResult? result = null;
        await OnThreadAsync(work => result = Simulation.Run(seed, SimulationPlan.Of, mutation(), work, isRecording: true));
        return result!;
    }

    /// <summary>Runs a seed again and again, each time with another of its system calls failing, until there is none left.</summary>
    public static async Task<IReadOnlyList<SimulationResult>> RunEachCallAsync(int seed)
    {
        await SimulatedLibc.EnsureInstalledAsync();
        List<SimulationResult> results = [];
        await OnThreadAsync(work =>
        {
            do
            {
                var call = results.Count + 1;
                results.Add(Simulation.Run(seed, chance => SimulationPlan.WithFailingCall(chance, call), Mutation.None(), work));
            }
            while (results[^1].HasCallFailed);
        });
        return results;
    }

    /// <summary>On a thread of its own: nobody else's continuations run there, and its context is nobody's.</summary>
    private static Task OnThreadAsync(Action<DirectoryInfo> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            // In memory: the engine's own files are written often, and hold little.
            var work = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"sluice-simulation-{Guid.NewGuid():n}"));
            try
            {
                action(work);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
            finally
            {
                work.Delete(recursive: true);
            }
        });
        thread.Start();
        return done.Task;
    }
}

/// <summary>What came of many seeds.</summary>
/// <param name="Text">In one line.</param>
/// <param name="Hashes">Of each seed's course.</param>
/// <param name="Failed">Those with violations, by seed.</param>
internal sealed record SimulationSummary(string Text, SortedDictionary<int, ulong> Hashes, IReadOnlyList<SimulationResult> Failed)
{
    public static SimulationSummary Of(IReadOnlyList<SimulationResult> results, TimeSpan time)
    {
        var ended = Enum.GetValues<TaskLifecycle>().Select(state => (State: state, Count: results.Sum(result => result.Ended.GetValueOrDefault(state)))).Where(pair => pair.Count > 0);
        var text = $"{results.Count} seeds in {time.TotalSeconds:F0} s ({results.Count / time.TotalSeconds:F0}/s), {results.Sum(result => result.Points)} points; tasks: "
            + string.Join(", ", ended.Select(pair => $"{pair.Count} {pair.State}"));
        return new SimulationSummary(
            text,
            new SortedDictionary<int, ulong>(results.ToDictionary(result => result.Seed, result => result.Hash)),
            [.. results.Where(result => result.Violations.Count > 0).OrderBy(result => result.Seed)]);
    }
}
