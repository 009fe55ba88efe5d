using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Repositories.Checksums;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Checks;

/// <summary>What must hold when all is over: the ledger tells the truth, nothing is left behind, and one more export sends exactly the rest (C5, C7, C9).</summary>
internal sealed class FinalState(World world, LinkedDisk link)
{
    private readonly HashSet<string> _stale = [.. link.Exported().Where(inode => !link.IsExported(inode)).Select(link.KeyOf)];
    private readonly HashSet<string> _unsure = [.. link.Exported().Where(inode => !IsRecorded(link, inode)).Select(link.KeyOf)];

    /// <summary>Whether the ledger knows what is in the file, though it may have to look at the content for that.</summary>
    private static bool IsRecorded(LinkedDisk link, Inode inode) => link.StandingOf(inode) switch
    {
        Standing.Current => true,
        Standing.Suspect => LinkedDisk.RecordOf(inode) is { } record && record.Checksum == Crc64Nvme.Hash(inode.Written),
        Standing.Unknown or Standing.Moved or Standing.DataChanged or Standing.MetadataChanged => false,
    };

    /// <summary>Before one more export: what the ledger calls current has the right object.</summary>
    public void CheckLedger()
    {
        foreach (var inode in link.Exported().Where(inode => link.StandingOf(inode) == Standing.Current && !link.IsExported(inode)))
            world.Violate($"'{inode.Path}' counts as archived, but its object is not what it is");
    }

    /// <summary>After it.</summary>
    public void CheckExport(RepositoryTask task, IReadOnlySet<string> written)
    {
        if (task.Lifecycle != TaskLifecycle.Succeeded) world.Violate($"the export of the rest ended {task.Lifecycle}: {task.FailureMessage}");
        foreach (var key in _stale.Except(written)) world.Violate($"C7: the export of the rest did not send '{key}'");
        foreach (var key in written.Except(_stale).Except(_unsure)) world.Violate($"C7: the export of the rest sent '{key}' again");
        if (task.Progress is not { } progress || progress.SucceededCount != written.Count)
            world.Violate($"C7: the export of the rest sent {written.Count} and counts {task.Progress}");
        foreach (var inode in link.Exported().Where(inode => !link.IsExported(inode))) world.Violate($"'{inode.Path}' was exported, but its object is not what it is");
    }

    /// <summary>After yet another one.</summary>
    public void CheckIdle(RepositoryTask task, IReadOnlySet<string> written)
    {
        if (written.Count > 0) world.Violate($"C7: an export of what is exported sent {string.Join(' ', written)}");
        if (task.Progress is { TotalCount: > 0 } progress) world.Violate($"C7: an export of what is exported counts {progress}");
    }
}
