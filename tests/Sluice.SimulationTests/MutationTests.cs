using Sluice.SimulationTests.Mutations;
using Xunit;

namespace Sluice.SimulationTests;

/// <summary>The simulation notices each planted fault, by the rule it breaks.</summary>
public sealed class MutationTests
{
    private const int Batch = 250;

    [Fact]
    public Task A_gate_that_closes_after_the_answer_is_noticed() => IsNoticedAsync(() => new GateClosedLate(), "C3: ", 2000);

    [Fact]
    public Task An_answer_before_the_commit_is_noticed() => IsNoticedAsync(() => new AnsweredBeforeCommit(), "C2: ", 500);

    [Fact]
    public Task A_record_before_its_object_is_noticed() => IsNoticedAsync(() => new RecordedBeforeObject(), "is recorded as archived", 500);

    [Fact]
    public Task Counting_twice_is_noticed() => IsNoticedAsync(() => new CountedTwice(), "C7: ", 500);

    [Fact]
    public Task An_orphaned_upload_is_noticed() => IsNoticedAsync(() => new OrphanedUploads(), "C9: ", 2000);

    [Fact]
    public Task Resuming_from_stale_parts_is_noticed() => IsNoticedAsync(() => new StaleParts(), "a content that no file ever had", 10_000);

    [Fact]
    public Task A_file_that_nobody_guards_is_noticed() => IsNoticedAsync(() => new UnwatchedFiles(), "can be opened, and does not hold", 500);

    [Fact]
    public Task A_lease_that_keeps_nobody_off_is_noticed() => IsNoticedAsync(() => new BrokenLeases(), "what was written to it", 20_000);

    [Fact]
    public Task A_release_that_does_not_wait_for_whom_the_guard_let_through_is_noticed() => IsNoticedAsync(() => new LateCuts(), "is in use, and does not hold", 20_000);

    private static async Task IsNoticedAsync(Func<Mutation> mutation, string rule, int seeds)
    {
        for (var first = 1; first <= seeds; first += Batch)
        {
            var summary = await SimulationRuns.RunAsync(first, Batch, mutation, int.MaxValue);
            var noticed = summary.Failed.FirstOrDefault(result => result.Violations.Any(violation => violation.Contains(rule, StringComparison.Ordinal)));
            if (noticed is null) continue;
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {noticed.Seed}: {noticed.Violations[0]}");
            return;
        }

        Assert.Fail($"No seed of {seeds} noticed it.");
    }
}
