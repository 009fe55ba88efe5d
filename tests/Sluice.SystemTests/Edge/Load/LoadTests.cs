using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Edge.Load;

/// <summary>
/// Many clients at once while tasks run. <c>SLUICE_LOAD_SECONDS</c> sets for how long (15 by default), <c>SLUICE_LOAD_SEED</c> the seed, which is printed.
/// </summary>
public sealed class LoadTests
{
    private const int MostShown = 10;

    // What a runtime keeps at hand, more or less of it from one moment to the next.
    private const int SpareThreads = 16;
    private const int SpareDescriptors = 16;
    private const long SpareBytes = 96L << 20;

    private static readonly TimeSpan MostSettling = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_clients_get_what_the_API_promises_and_nothing_is_kept_of_them()
    {
        var time = TimeSpan.FromSeconds(Counts.Of("SLUICE_LOAD_SECONDS", 15));
        var seed = (int)Counts.Of("SLUICE_LOAD_SEED", Random.Shared.Next(1 << 30));
        TestContext.Current.TestOutputHelper?.WriteLine($"SLUICE_LOAD_SEED={seed}");
        await using var rig = await LoadRig.StartAsync(Cancel);
        var log = new LoadLog();

        var warm = await rig.LoadAsync(time / 3, seed, log, Cancel);
        var loaded = await SettleAsync(rig, await rig.LoadAsync(time - (time / 3), seed + 1000, log, Cancel), warm);

        foreach (var line in log.Percentiles()) TestContext.Current.TestOutputHelper?.WriteLine(line);
        foreach (var (outcome, count) in log.Outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal)) TestContext.Current.TestOutputHelper?.WriteLine($"{count,8} {outcome}");
        TestContext.Current.TestOutputHelper?.WriteLine($"warm: {warm}\nafter: {loaded}");
        Assert.True(log.Violations.IsEmpty, $"seed {seed}: {log.Violations.Count} answers the API does not promise:\n{string.Join("\n", log.Violations.Take(MostShown))}");
        Assert.True(IsSettled(loaded, warm), $"seed {seed}: the server had {warm} when it was warm, and has {loaded}.");
        await CheckCatalogAsync(rig, log);
    }

    private static bool IsSettled(ProcessFacts facts, ProcessFacts warm) =>
        facts.Descriptors <= warm.Descriptors + SpareDescriptors
        && facts.Threads <= warm.Threads + SpareThreads
        && facts.ResidentBytes <= warm.ResidentBytes + (warm.ResidentBytes / 4) + SpareBytes;

    private static async Task<ProcessFacts> SettleAsync(LoadRig rig, ProcessFacts facts, ProcessFacts warm)
    {
        using var patience = new CancellationTokenSource(MostSettling, TimeProvider.System);
        while (!IsSettled(facts, warm) && !patience.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancel);
            facts = rig.Edge.Facts;
        }

        return facts;
    }

    private static async Task CheckCatalogAsync(LoadRig rig, LoadLog log)
    {
        await rig.Edge.Server.RestartAsync(Cancel);
        var tasks = await rig.TasksAsync([], Cancel);

        Assert.Equal(log.TaskIds.Order(StringComparer.Ordinal), tasks.Select(task => task.Id).Order(StringComparer.Ordinal));
        Assert.All(tasks, task => Assert.True(task.IsWhole, $"{task}"));
        await rig.Edge.CheckWellAsync(Cancel);
    }
}
