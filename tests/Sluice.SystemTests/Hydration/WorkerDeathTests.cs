using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>
/// The Hydrator's worker is killed again and again (SIGKILL) under readers who have it restore files all the time. <c>SLUICE_WORKER_KILLS</c> sets how often on
/// each file system (12 by default).
/// </summary>
public sealed class WorkerDeathTests
{
    private const int Files = 96;
    private const int BlocksPerFile = 8;
    private const int Readers = 32;

    private static readonly Dictionary<string, string?> NoVariables = [];

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task Readers_get_the_right_bytes_or_an_error_and_none_hangs(string kind)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await HydrationRig.StartAsync(new HydrationOptions { Kind = kind, HasHydrator = false }, cancellationToken);

        // Without a worker nobody can so much as open a file he has made.
        var worker = await rig.Disk.StartHydratorAsync(NoVariables, cancellationToken);
        await using var race = await RaceProgram.CreateAsync(Path.Combine(rig.Root, "race"), Files, BlocksPerFile, cancellationToken);
        await rig.ExportAndReleaseAsync(cancellationToken, "race");
        await using var running = await race.StartAsync(new(Readers, Writers: 0, Mappers: 0, MapWriters: 0), reads: 0, cancellationToken, "eio");
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var releasing = ReleaseAsync(rig, killed.Token);

        var random = new Random(kind.Length);
        for (var kills = Counts.Of("SLUICE_WORKER_KILLS", 12); kills > 0; kills--)
        {
            // Now soon after its start, in the midst of what the last one left, now when readers and releases have been going round for a while.
            await Task.Delay(TimeSpan.FromMilliseconds(kills % 2 == 0 ? random.Next(400) : random.Next(1000, 3000)), TimeProvider.System, cancellationToken);
            await worker.KillAsync();
            await worker.DisposeAsync();
            worker = await rig.Disk.StartHydratorAsync(NoVariables, cancellationToken);
        }

        await using var last = worker;
        await killed.CancelAsync();
        var released = await releasing;
        running.Terminate();
        var result = await running.WaitAsync(Hang.Limit, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {released} releases; {result.Output}");
        Assert.True(result.ExitCode == 0, $"{result.Output}{result.Error}{string.Join('\n', last.ErrorLines)}");
        var verified = await race.VerifyAsync(folder: null, statePath: null, cancellationToken);
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.True(released > Files, $"Only {released} releases: hardly a worker had anything to do.");
    }

    private static async Task<long> ReleaseAsync(HydrationRig rig, CancellationToken cancellationToken)
    {
        long released = 0;
        while (!cancellationToken.IsCancellationRequested) released += (await rig.ReleaseAsync(CancellationToken.None, "race")).Status?.SucceededCount ?? 0;
        return released;
    }
}
