using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.SystemTests.Import;

/// <summary>What an import holds at a time.</summary>
public sealed class ImportMemoryTests
{
    // Batches ahead, entries on their way to the movers, entries with them, and the batch being made.
    private const int MostAhead = 1200;

    [Fact]
    public async Task The_listing_never_runs_ahead_of_what_is_imported()
    {
        await using var rig = await ImportRig.StartAsync();
        for (var i = 0; i < 3000; i++) await rig.PutAsync($"d{i % 7}/f{i}", "x");
        var (listed, done, most) = (0, 0, 0);
        rig.Options = rig.Options with { HeadsInParallel = 16, ListingsInParallel = 2 };
        rig.Seen = new WatchedBucket(rig.Bucket)
        {
            OnList = item =>
            {
                most = Math.Max(most, Interlocked.Increment(ref listed) - Volatile.Read(ref done));
                return item;
            },
            OnHead = (_, head) =>
            {
                Interlocked.Increment(ref done);
                return head;
            },
        };
        Assert.Equal(TaskLifecycle.Succeeded, (await rig.ImportAsync()).Lifecycle);
        Assert.Equal(3000, done);
        Assert.InRange(most, 1, MostAhead);
    }
}
