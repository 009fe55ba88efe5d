using System.Collections.Concurrent;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Cancel;

/// <summary>
/// The cancel contract for releases and imports, by randomised trials on the real program, a real S3 server and real file systems in turn.
/// <c>SLUICE_HYDRATION_TRIALS</c> sets how many of each (200 by default), <c>SLUICE_TRIAL_SEED</c> the first seed: a violation prints its seed.
/// </summary>
public sealed class HydrationTrialTests
{
    private const int Lanes = 2;
    private const int TrialsPerLane = 10;
    private const int MostShown = 20;

    [Fact]
    public Task Every_cancel_of_a_release_keeps_its_contract() => TryAsync(TaskTypes.Release);

    [Fact]
    public Task Every_cancel_of_an_import_keeps_its_contract() => TryAsync(TaskTypes.Import);

    private static async Task TryAsync(string type)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var count = (int)Counts.Of("SLUICE_HYDRATION_TRIALS", 200);
        var first = (int)Counts.Of("SLUICE_TRIAL_SEED", 1);
        var violations = new ConcurrentQueue<string>();
        var outcomes = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count).Chunk(TrialsPerLane),
            new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken },
            async (seeds, cancel) =>
            {
                await using var lane = await HydrationLane.StartAsync(seeds[0], cancel);
                foreach (var seed in seeds)
                {
                    var facts = await new HydrationTrial(lane, TrialPlan.OfReturning(seed), type).RunAsync(cancel);
                    outcomes.AddOrUpdate($"{facts.Plan.Moment} {facts.Course.Ended.Lifecycle}", 1, (_, n) => n + 1);
                    foreach (var violation in HydrationContract.Violations(facts)) violations.Enqueue($"seed {seed} ({facts.Plan.Moment}): {violation}");
                }
            });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} trials: {string.Join(", ", outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(violations.IsEmpty, $"{violations.Count} violations:\n{string.Join("\n", violations.Take(MostShown))}");
        if (count >= 100) Assert.True(outcomes.Count(pair => pair.Key.EndsWith("CANCELED", StringComparison.Ordinal)) >= 4, "Hardly a task was canceled in its midst.");
    }
}
