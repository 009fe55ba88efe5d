using Xunit;

namespace Sluice.SimulationTests;

/// <summary>Exports, imports, releases and restores on a disk of which one system call fails, each in turn: what a task may not do it does in no case, nothing is left
/// open or lying about, and the next tasks do the rest.</summary>
public sealed class FailingCallTests
{
    private const int Seeds = 40;

    [Fact]
    public async Task A_system_call_that_fails_breaks_no_rule_whichever_it_is()
    {
        var results = await Task.WhenAll(Enumerable.Range(1, Seeds).Select(SimulationRuns.RunEachCallAsync));
        TestContext.Current.TestOutputHelper?.WriteLine($"{results.Sum(calls => calls.Count - 1)} calls of {Seeds} seeds");
        var broken = results.SelectMany(calls => calls.Index()).Where(item => item.Item.Violations.Count > 0)
            .Select(item => $"seed {item.Item.Seed}, call {item.Index + 1}: {string.Join("; ", item.Item.Violations)}").ToList();
        Assert.True(broken.Count == 0, $"{broken.Count} failed:\n{string.Join("\n", broken.Take(10))}");
        Assert.All(results, calls => Assert.True(calls.Count > 10, $"Seed {calls[0].Seed} has {calls.Count} calls."));
    }
}
