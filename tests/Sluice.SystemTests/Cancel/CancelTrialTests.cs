using System.Collections.Concurrent;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Cancel;

/// <summary>
/// The cancel contract by randomised trials on the real server, engine and S3 server. <c>SLUICE_TRIALS</c> sets how many (2,000 by default),
/// <c>SLUICE_TRIAL_SEED</c> the first seed: a violation prints its seed.
/// </summary>
public sealed class CancelTrialTests
{
    private const int Lanes = 4;
    private const int TrialsPerLane = 50;
    private const int MostShown = 20;

    [Fact]
    public async Task Every_cancel_keeps_its_contract()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var count = (int)Counts.Of("SLUICE_TRIALS", 2000);
        var first = (int)Counts.Of("SLUICE_TRIAL_SEED", 1);
        var violations = new ConcurrentQueue<string>();
        var outcomes = new ConcurrentDictionary<string, int>();
        var lanes = Enumerable.Range(first, count).Chunk(TrialsPerLane);
        await Parallel.ForEachAsync(
            lanes,
            new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken },
            async (seeds, cancel) =>
            {
                await using var lane = await TrialLane.StartAsync(seeds[0], cancel);
                foreach (var seed in seeds)
                {
                    var facts = await new CancelTrial(lane, TrialPlan.Of(seed)).RunAsync(cancel);
                    outcomes.AddOrUpdate($"{facts.Plan.Moment} {facts.Course.Ended.Lifecycle}", 1, (_, n) => n + 1);
                    foreach (var violation in CancelContract.Violations(facts)) violations.Enqueue($"seed {seed} ({facts.Plan.Moment}): {violation}");
                }
            });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} trials: {string.Join(", ", outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(violations.IsEmpty, $"{violations.Count} violations:\n{string.Join("\n", violations.Take(MostShown))}");
        if (count >= 100) Assert.True(outcomes.Count(pair => pair.Key.EndsWith("CANCELED", StringComparison.Ordinal)) >= 4, "Hardly a task was canceled in its midst.");
    }
}
