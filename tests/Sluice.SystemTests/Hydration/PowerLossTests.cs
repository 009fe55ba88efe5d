using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>
/// The power fails at arbitrary moments while files are written, exported, released and restored. The disk's image lies on another file system, where a copy
/// that shares its blocks is made in one step: it holds exactly what had reached the device by then. <c>SLUICE_POWER_LOSSES</c> sets how many there are on
/// each file system (8 by default).
/// </summary>
public sealed class PowerLossTests
{
    private const int Files = 64;
    private const int BlocksPerFile = 16;
    private const long HostBytes = 16L << 30;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task After_a_power_loss_no_file_reads_as_zeros_and_none_is_lost(string kind)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var host = await DiskImage.CreateAsync("xfs", HostBytes);
        await using var rig = await HydrationRig.StartAsync(
            new HydrationOptions { Kind = kind, ImageFolder = host.Root, HasHydrator = false }, cancellationToken);

        // The server is paused now and then. A Hydrator must not be: the kernel refuses (EPERM) whoever it is being asked about at that moment.
        await using var worker = await rig.Disk.StartHydratorAsync(Cli.Bare, cancellationToken);
        await using var race = await RaceProgram.CreateAsync(Path.Combine(rig.Root, "race"), Files, BlocksPerFile, cancellationToken);
        await rig.ExportAndReleaseAsync(cancellationToken, "race");
        var copies = new List<string>();
        await using (var running = await race.StartAsync(new(Readers: 2, Writers: 2, Mappers: 1, MapWriters: 0), reads: 0, cancellationToken, "keep"))
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var working = WorkAsync(rig, enough.Token);
            var random = new Random(kind.Length);
            for (var loss = 0; loss < Counts.Of("SLUICE_POWER_LOSSES", 8); loss++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(600)), TimeProvider.System, cancellationToken);
                copies.Add(Path.Combine(host.Root, $"loss-{loss}"));

                // What fsync(2) had confirmed before the copy must be in it.
                File.Copy(race.StatePath, copies[^1] + ".state");

                // The bucket has what it had at that moment: nobody replaces an object meanwhile.
                await rig.Server.Process.PauseAsync(async () =>
                {
                    await CopyAsync(cancellationToken, "--reflink=always", rig.Disk.ImagePath, copies[^1]);
                    await CopyAsync(cancellationToken, "-a", rig.BucketDirectory, CopyOfBucket(rig, copies[^1]));
                });
            }

            await enough.CancelAsync();
            await working;
            running.Terminate();
            var result = await running.WaitAsync(Hang.Limit, cancellationToken);
            Assert.True(result.ExitCode == 0, $"{result.Output}{rig.Log}");
        }

        await worker.DisposeAsync();
        foreach (var copy in copies)
        {
            await rig.RestartAsync(() => Restore(rig, copy), cancellationToken);
            await using var reader = await rig.Disk.StartHydratorAsync(Cli.Bare, cancellationToken);
            var verified = await race.VerifyAsync(Path.Combine(rig.Root, "race"), copy + ".state", cancellationToken);
            Assert.True(verified.ExitCode == 0, $"{Path.GetFileName(copy)}: {verified.Output}{rig.Log}");
        }
    }

    private static async Task WorkAsync(HydrationRig rig, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _ = await rig.ExportAsync(CancellationToken.None, "race");
            _ = await rig.ReleaseAsync(CancellationToken.None, "race");
        }
    }

    private static void Restore(HydrationRig rig, string copy)
    {
        File.Move(copy, rig.Disk.ImagePath, overwrite: true);
        Directory.Delete(rig.BucketDirectory, recursive: true);
        Directory.Move(CopyOfBucket(rig, copy), rig.BucketDirectory);
    }

    private static string CopyOfBucket(HydrationRig rig, string copy) => rig.Disk.Beside($"{Path.GetFileName(copy)}.bucket");

    private static async Task CopyAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await ProcessRunner.RunAsync(new(Require.Tool("cp")) { Arguments = arguments }, cancellationToken)).EnsureSuccess();
}
