using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.Protocol.Client;
using Sluice.Repositories.Checksums;
using Sluice.SystemTests.Export;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>
/// The power fails at arbitrary moments while tasks are created, canceled and run. The catalog, the exported tree with its ledger, and a bucket in a directory
/// are on one ext4 file system; its image is copied in one step, as it had reached the device by then. <c>SLUICE_POWER_LOSSES</c> sets how often (8).
/// </summary>
public sealed class CatalogPowerLossTests
{
    private const int Files = 120;

    // Of these, what was written is on the device before it is exported; of the others only the object tells for certain what it was.
    private const int SyncedFiles = 60;
    private const int FileBytes = 9000;
    private const long HostBytes = 16L << 30;

    // One after the other in the order they came, from each task.
    private readonly List<(string TaskId, string Lifecycle)> _answers = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_power_loss_every_answer_stands_and_the_ledger_claims_nothing_that_the_bucket_has_not()
    {
        await using var host = await DiskImage.CreateAsync("xfs", HostBytes);
        await using var disk = await DiskImage.CreateAsync("ext4", folder: host.Root);
        var root = Directory.CreateDirectory(Path.Combine(disk.Root, "tree")).FullName;
        await using var rig = await ExportRig.StartAsync(Tree(), concurrency: 4, Cancel, dataParent: disk.Root, root: root);
        for (var i = 0; i < SyncedFiles; i++) await WriteAsync(rig, i, (ulong)i);
        var losses = await LoseAsync(rig, disk.ImagePath, host.Root);
        await rig.Server.KillAsync();
        foreach (var (copy, answers) in losses)
        {
            await disk.UnmountAsync();
            File.Move(copy, disk.ImagePath, overwrite: true);
            await disk.MountAsync();
            await AssertLedgerAsync(rig);
            await AssertCatalogAsync(rig, answers);
            await rig.Server.KillAsync();
        }
    }

    private static TreeBuilder Tree()
    {
        var tree = new TreeBuilder();
        for (var i = 0; i < Files; i++) tree.File($"file-{i}", FileBytes, (ulong)i);
        return tree;
    }

    /// <summary>Works, and copies the image meanwhile; with each copy goes what had been answered before it was begun.</summary>
    private async Task<List<(string Copy, (string TaskId, string Lifecycle)[] Answers)>> LoseAsync(ExportRig rig, string image, string folder)
    {
        var losses = new List<(string, (string, string)[])>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var working = WorkAsync(rig, enough.Token);
        var random = new Random(1);
        for (var loss = 0; loss < Counts.Of("SLUICE_POWER_LOSSES", 8); loss++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500)), TimeProvider.System, Cancel);
            (string, string)[] answers;
            lock (_answers) answers = [.. _answers];
            var copy = Path.Combine(folder, $"loss-{loss}");
            (await ProcessRunner.RunAsync(new(Require.Tool("cp")) { Arguments = ["--reflink=always", image, copy] }, Cancel)).EnsureSuccess();
            losses.Add((copy, answers));
        }

        await enough.CancelAsync();
        await working;
        return losses;
    }

    private async Task WorkAsync(ExportRig rig, CancellationToken enough)
    {
        var random = new Random(2);
        while (!enough.IsCancellationRequested)
        {
            for (var i = 0; i < 20; i++) await WriteAsync(rig, random.Next(Files), (ulong)random.Next());
            var id = await rig.BeginAsync(Cancel);
            Note(id, "PENDING");
            if (random.Next(2) == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30)), TimeProvider.System, Cancel);
                await CancelAsync(rig, id);
            }

            Note(id, (await rig.EndAsync(id, Cancel)).Lifecycle!);
        }
    }

    private static async Task WriteAsync(ExportRig rig, int number, ulong seed)
    {
        var options = number < SyncedFiles ? FileOptions.WriteThrough : FileOptions.None;
        await using var file = new FileStream(
            Path.Combine(rig.Root, $"file-{number}"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: FileBytes, options);
        await file.WriteAsync(TestContent.Bytes(seed, FileBytes), Cancel);
    }

    private async Task CancelAsync(ExportRig rig, string id)
    {
        try
        {
            Note(id, await rig.CancelAsync(id, Cancel));
        }
        catch (FsxClientException e) when (e.Code == "DataRepositoryTaskEnded")
        {
            // It was quicker.
        }
    }

    private void Note(string id, string lifecycle)
    {
        lock (_answers) _answers.Add((id, lifecycle));
    }

    /// <summary>Before the server runs again: what the ledger says is stored is in the bucket, and a file it says is unchanged is on the disk as well.</summary>
    private static async Task AssertLedgerAsync(ExportRig rig)
    {
        using var root = FileSystemCalls.OpenRoot(rig.Root);
        var ledger = LedgerStore.Probe(root);
        for (var i = 0; i < Files; i++)
        {
            using var file = FileSystemCalls.OpenBeneath(root, System.Text.Encoding.UTF8.GetBytes($"file-{i}"), OpenFlags.ReadOnly);
            var status = FileSystemCalls.Status(file);
            if (ledger.Read(file) is not { } record || !record.States.HasFlag(HsmStates.Archived)) continue;
            if (record.IsRacy || record.SizeBytes != status.SizeBytes || record.MtimeNs != status.MtimeNs || status.CtimeNs > record.SealNs) continue;
            var stored = await rig.ReadAsync($"file-{i}", Cancel);
            Assert.Equal(record.Checksum, Crc64Nvme.Hash(stored));
            if (i < SyncedFiles) Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(rig.Root, $"file-{i}"), Cancel), stored);
        }
    }

    /// <summary>The catalog is whole, no answer is taken back, every task comes to its end, and the next export makes everything right.</summary>
    private static async Task AssertCatalogAsync(ExportRig rig, (string TaskId, string Lifecycle)[] answers)
    {
        const string Check = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchall())";
        var catalog = Path.Combine(rig.Server.DataDirectory, "catalog.db");
        var checking = await ProcessRunner.RunAsync(new(Require.Tool(Require.Python)) { Arguments = ["-c", Check, catalog] }, Cancel);
        Assert.Equal("[('ok',)]\n", checking.EnsureSuccess().Output);

        await rig.Server.StartAsync(Cancel);
        rig.Connect();
        foreach (var (id, told) in answers)
        {
            var task = await rig.EndAsync(id, Cancel);
            var expected = told is "CANCELING" ? "CANCELED" : told;
            if (told != "PENDING") Assert.Equal((id, expected), (id, task.Lifecycle));
        }

        // Perhaps one was begun whose answer came later than the loss.
        await rig.EndAllAsync(Cancel);
        var last = await rig.ExportAsync(Cancel);
        Assert.True(last.Lifecycle == "SUCCEEDED", last.FailureDetails?.Message);
        for (var i = 0; i < SyncedFiles; i++)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(rig.Root, $"file-{i}"), Cancel), await rig.ReadAsync($"file-{i}", Cancel));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.BucketPath, "staging")));
    }
}
