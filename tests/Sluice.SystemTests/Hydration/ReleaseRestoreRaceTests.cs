using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>
/// Readers, writers and mappers against releases and restores that go on without a pause. <c>SLUICE_RACE_READS</c> sets how many blocks are read on each
/// file system (400,000 by default, so more than a million altogether).
/// </summary>
public sealed class ReleaseRestoreRaceTests
{
    private const int Files = 64;
    private const int BlocksPerFile = 16;
    private const int FewestReleases = 100;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task No_reader_sees_a_wrong_byte_while_files_are_released_and_restored(string kind)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await HydrationRig.StartAsync(kind, cancellationToken);
        await using var race = await RaceProgram.CreateAsync(Path.Combine(rig.Root, "race"), Files, BlocksPerFile, cancellationToken);
        await rig.ExportAndReleaseAsync(cancellationToken, "race");

        var reads = Counts.Of("SLUICE_RACE_READS", 400_000);
        await using var running = await race.StartAsync(new(Readers: 2, Writers: 1, Mappers: 2, MapWriters: 1), reads, cancellationToken);
        long released = 0;
        while (!running.HasExited)
        {
            // What was written meanwhile is exported, so that it can go as well. Files in use are refused: that is no failure here.
            _ = await rig.ExportAsync(cancellationToken, "race");
            released += (await rig.ReleaseAsync(cancellationToken, "race")).Status?.SucceededCount ?? 0;
        }

        var result = await running.WaitAsync(Hang.Limit, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {released} releases; {result.Output}");
        Assert.True(result.ExitCode == 0, $"{result.Output}{result.Error}{rig.Log}");
        var last = await race.VerifyAsync(folder: null, statePath: null, cancellationToken);
        Assert.True(last.ExitCode == 0, $"{last.Output}{rig.Log}");
        Assert.True(released >= FewestReleases, $"Only {released} releases: that is no race.");
    }
}
