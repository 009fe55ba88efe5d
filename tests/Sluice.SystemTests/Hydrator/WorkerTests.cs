using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydrator;

/// <summary>Readers of released files while workers come, die and go.</summary>
public sealed class WorkerTests
{
    private const int Small = 300_000;
    private const int Large = 40 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_reader_waits_for_a_worker_and_then_gets_the_right_bytes(string kind)
    {
        await using var rig = await HydratorRig.CreateAsync(kind, count: 1, Small, Cancel);

        var reader = await rig.StartReaderAsync(0, Cancel);
        await HangingAsync(reader);
        await using var worker = await rig.StartWorkerAsync(Cancel);

        Assert.True(await HydratorRig.IsRightAsync(reader, 0, Small, Cancel));
    }

    [Theory]
    [InlineData("ext4", Small)]
    [InlineData("xfs", Large)]
    [InlineData("btrfs", Small)]
    public async Task A_worker_killed_in_the_midst_of_a_restore_leaves_its_readers_to_the_next(string kind, int bytes)
    {
        await using var rig = await HydratorRig.CreateAsync(kind, count: 2, bytes, Cancel);
        var before = rig.Gets;
        rig.Hold();
        var worker = await rig.StartWorkerAsync(Cancel);
        ProcessRunner[] readers = [await rig.StartReaderAsync(0, Cancel), await rig.StartReaderAsync(0, Cancel), await rig.StartReaderAsync(1, Cancel)];
        await rig.WaitForGetAsync(before + 1, Cancel);

        await worker.KillAsync();
        Assert.All(readers, reader => Assert.False(reader.HasExited));
        rig.LetGo();
        await using var next = await rig.StartWorkerAsync(Cancel);

        Assert.True(await HydratorRig.IsRightAsync(readers[0], 0, bytes, Cancel));
        Assert.True(await HydratorRig.IsRightAsync(readers[1], 0, bytes, Cancel));
        Assert.True(await HydratorRig.IsRightAsync(readers[2], 1, bytes, Cancel));
    }

    [Fact]
    public async Task A_restore_that_does_not_come_on_ends_with_an_error_and_the_next_access_tries_again()
    {
        await using var rig = await HydratorRig.CreateAsync("ext4", count: 2, Small, Cancel);
        rig.Hold();
        await using var worker = await rig.StartWorkerAsync(Cancel, "--stall-seconds", "1");

        Assert.False(await HydratorRig.IsRightAsync(await rig.StartReaderAsync(0, Cancel), 0, Small, Cancel));
        rig.LetGo();

        Assert.True(await HydratorRig.IsRightAsync(await rig.StartReaderAsync(0, Cancel), 0, Small, Cancel));
    }

    [Fact]
    public async Task A_worker_that_is_stopped_leaves_its_readers_to_the_next()
    {
        await using var rig = await HydratorRig.CreateAsync("ext4", count: 1, Small, Cancel);
        var before = rig.Gets;
        rig.Hold();
        var worker = await rig.StartWorkerAsync(Cancel);
        var reader = await rig.StartReaderAsync(0, Cancel);
        await rig.WaitForGetAsync(before, Cancel);

        worker.Terminate();
        Assert.Equal(0, (await worker.WaitAsync(Hang.Limit, Cancel)).ExitCode);
        Assert.False(reader.HasExited);
        rig.LetGo();
        await using var next = await rig.StartWorkerAsync(Cancel);

        Assert.True(await HydratorRig.IsRightAsync(reader, 0, Small, Cancel));
    }

    [Fact]
    public async Task A_stalled_restore_does_not_keep_other_readers_waiting()
    {
        await using var rig = await HydratorRig.CreateAsync("xfs", count: 2, Small, Cancel);
        await using var worker = await rig.StartWorkerAsync(Cancel);
        await File.WriteAllTextAsync(rig.Disk["resident"], "here", Cancel);
        var before = rig.Gets;
        rig.Hold();
        var waiting = await rig.StartReaderAsync(0, Cancel);
        await rig.WaitForGetAsync(before, Cancel);

        Assert.Equal("here", await File.ReadAllTextAsync(rig.Disk["resident"], Cancel));
        Assert.False(waiting.HasExited);
        rig.LetGo();

        Assert.True(await HydratorRig.IsRightAsync(waiting, 0, Small, Cancel));
    }

    [Fact]
    public async Task Many_readers_of_one_file_have_it_fetched_once()
    {
        await using var rig = await HydratorRig.CreateAsync("btrfs", count: 1, Small, Cancel);
        await using var worker = await rig.StartWorkerAsync(Cancel);
        var before = rig.Gets;
        rig.Hold();
        var readers = new List<ProcessRunner>();
        for (var i = 0; i < 20; i++) readers.Add(await rig.StartReaderAsync(0, Cancel));
        await rig.WaitForGetAsync(before, Cancel);
        rig.LetGo();

        foreach (var reader in readers) Assert.True(await HydratorRig.IsRightAsync(reader, 0, Small, Cancel));
        Assert.Equal(before + 1, rig.Gets);
    }

    [Fact]
    public async Task A_second_worker_is_refused_and_told_who_works()
    {
        await using var rig = await HydratorRig.CreateAsync("ext4", count: 1, Small, Cancel);
        await using var worker = await rig.StartWorkerAsync(Cancel);

        var second = await CommandLine.Cli.RunProgramAsync(new Dictionary<string, string?> { ["SLUICE_DATA"] = rig.Disk.DataDirectory }, Cancel, "hydrate");

        Assert.Equal(3, second.ExitCode);
        Assert.Contains($"process {worker.Id}", second.Error, StringComparison.Ordinal);
    }

    /// <summary>Until the kernel has it wait for an answer.</summary>
    internal static async Task HangingAsync(ProcessRunner reader)
    {
        while (!(await File.ReadAllTextAsync($"/proc/{reader.Id}/wchan", Cancel)).Contains("fanotify", StringComparison.Ordinal))
        {
            Assert.False(reader.HasExited, "The reader was let through.");
            await Task.Yield();
        }
    }
}
