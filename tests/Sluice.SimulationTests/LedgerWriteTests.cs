using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;
using Xunit;

namespace Sluice.SimulationTests;

/// <summary>Records of the ledger, as one that is written again, because the process was held up the first time, on a disk that takes no more then.</summary>
public sealed class LedgerWriteTests
{
    private const long HeldUpNs = 2 * SimulatedDisk.GranularityNs;

    [Fact]
    public async Task A_record_that_stands_counts_as_written_though_it_can_not_be_sealed_anew()
    {
        await SimulatedLibc.EnsureInstalledAsync();
        var answers = Enumerable.Range(1, 20).Select(WriteTwice).ToList();

        // Either error comes; none leaves the old record under a caller who was told that the new one stands, or the other way round.
        Assert.Contains(answers, answer => answer is true);
        Assert.DoesNotContain(answers, answer => answer is false);
    }

    [Fact]
    public void A_record_can_be_printed() => Assert.Contains("SizeBytes = 1", Record.ToString(), StringComparison.Ordinal);

    /// <returns>What the writer was told; null where it got an exception.</returns>
    private static bool? WriteTwice(int seed)
    {
        var world = new World(new Chance(seed), new Trace(isRecording: false));
        var disk = new SimulatedDisk(world, 1, isMultigrain: false);
        var file = disk.Add(disk.Root, "file", SimulatedDisk.FileType | 0x1A4, [1]);
        ProcessCalls? calls = null;
        var writes = 0;
        calls = new ProcessCalls(world, [disk], new ProcessScheduler(world), faultRate: 0)
        {
            OnSetAttribute = (_, inode, _, _) =>
            {
                if (inode != file) return;
                writes++;
                world.Spend(HeldUpNs);
                calls!.FaultRate = 1;
            },
        };
        SimulatedLibc.Current = calls;
        try
        {
            using var root = FileSystemCalls.OpenRoot(disk.RootPath);
            var ledger = LedgerStore.Probe(root);
            using var opened = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
            var isWritten = ledger.TryWrite(opened, Record);
            Assert.Equal(1, writes);
            Assert.Equal(Record.Checksum, ledger.Read(opened)?.Checksum);
            return isWritten;
        }
        catch (PosixException)
        {
            return null;
        }
        finally
        {
            SimulatedLibc.Current = null;
        }
    }

    private static LedgerRecord Record => new()
    {
        States = HsmStates.Exists | HsmStates.Archived,
        SizeBytes = 1,
        MtimeNs = 1,
        SealNs = 0,
        Checksum = 7,
        MetadataHash = 0,
        AddressHash = 1,
        IdentityHash = 1,
        TaskTag = 1,
    };
}
