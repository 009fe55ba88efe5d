using Sluice.SimulationTests.Mutations;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SimulationTests;

/// <summary>
/// The engine under simulation. <c>SLUICE_SIM_SEEDS</c> sets how many seeds (20,000 by default), <c>SLUICE_SIM_SEED</c> the first: a violation prints its seed,
/// and that seed alone replays it, with all that happened.
/// </summary>
public sealed class SimulationTests
{
    private const int MostShown = 10;
    private const int LinesShown = 200;
    private const int Replayed = 200;

    [Fact]
    public async Task Every_course_of_events_keeps_the_contract()
    {
        var count = (int)Counts.Of("SLUICE_SIM_SEEDS", 20_000);
        var summary = await SimulationRuns.RunAsync((int)Counts.Of("SLUICE_SIM_SEED", 1), count, Mutation.None, MostShown);
        TestContext.Current.TestOutputHelper?.WriteLine(summary.Text);
        if (summary.Failed.Count == 0) return;
        var first = await SimulationRuns.ReplayAsync(summary.Failed[0].Seed, Mutation.None);
        var found = summary.Failed.Select(result => $"seed {result.Seed}: {string.Join("; ", result.Violations)}");
        Assert.Fail($"{summary.Failed.Count} seeds failed:\n{string.Join("\n", found)}\nseed {first.Seed}:\n{string.Join("\n", first.Lines.TakeLast(count == 1 ? int.MaxValue : LinesShown))}");
    }

    [Fact]
    public async Task A_seed_replays_exactly()
    {
        var first = await SimulationRuns.RunAsync(1, Replayed, Mutation.None, MostShown);
        var second = await SimulationRuns.RunAsync(1, Replayed, Mutation.None, MostShown);
        var other = first.Hashes.Where(pair => second.Hashes.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => pair.Key).ToList();
        if (other.Count > 0) Assert.Fail($"{other.Count} seeds had another course the second time. {await DifferenceAsync(other[0])}");
        Assert.Equal(Replayed, first.Hashes.Values.Distinct().Count());
    }

    /// <summary>Where two runs of one seed part.</summary>
    private static async Task<string> DifferenceAsync(int seed)
    {
        var one = await SimulationRuns.ReplayAsync(seed, Mutation.None);
        for (var attempt = 0; attempt < Replayed; attempt++)
        {
            var two = await SimulationRuns.ReplayAsync(seed, Mutation.None);
            var same = one.Lines.Zip(two.Lines).TakeWhile(pair => pair.First == pair.Second).Count();
            if (two.Hash == one.Hash) continue;
            return $"Seed {seed} after line {same}:\n{string.Join("\n", one.Lines.Take(same).TakeLast(LinesShown / 10))}\n-- either:\n"
                + $"{string.Join("\n", one.Lines.Skip(same).Take(3))}\n-- or:\n{string.Join("\n", two.Lines.Skip(same).Take(3))}";
        }

        return $"Seed {seed} did so once only.";
    }
}
