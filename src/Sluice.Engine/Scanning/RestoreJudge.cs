using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>Picks what a restore brings back: every released file. One restored by an earlier life of the task is counted as done.</summary>
internal sealed class RestoreJudge(TaskContext context) : ITreeJudge
{
    /// <inheritdoc/>
    public ScanEntry? Examine(TreeWalk walk, LinkedDirectory? link)
    {
        if (Record(walk) is not { } record) return null;
        if (record.States.HasFlag(HsmStates.Released)) return ScanEntry.At(walk, link, Standing.Unknown, isCounted: true);
        CountIfOwn(walk, record);
        return null;
    }

    /// <inheritdoc/>
    public ValueTask RecountAsync(TreeWalk walk, LinkedDirectory? link, CancellationToken cancellationToken)
    {
        if (Record(walk) is { } record && !record.States.HasFlag(HsmStates.Released)) CountIfOwn(walk, record);
        return ValueTask.CompletedTask;
    }

    private LedgerRecord? Record(TreeWalk walk) => walk.Status.Kind == FileKind.Regular ? context.Ledger.ReadAt(walk.Parent, walk.Name) : null;

    private void CountIfOwn(TreeWalk walk, in LedgerRecord record)
    {
        if (record.TaskTag != context.TaskTag) return;
        context.Counters.DoneBefore(walk.Status.SizeBytes);
        if (context.EarlierStart is not null && context.Ledger.HasAddressAt(walk.Parent, walk.Name)) RemoveAddress(walk);
    }

    /// <summary>The process died when the record said that the data is back, and before the address went. The record is not sealed anew: what somebody did to the
    /// file since must be seen.</summary>
    private void RemoveAddress(TreeWalk walk)
    {
        try
        {
            using var file = FileSystemCalls.OpenBeneath(walk.Parent, walk.Name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlock);
            if (context.Ledger.Read(file) is { } record && !record.States.HasFlag(HsmStates.Released)) context.Ledger.RemoveAddress(file);
        }
        catch (PosixException)
        {
            // It is in nobody's way: nothing reads it while the record does not say released.
        }
    }
}
