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
        CountIfOwn(record, walk.Status);
        return null;
    }

    /// <inheritdoc/>
    public void Recount(TreeWalk walk, LinkedDirectory? link)
    {
        if (Record(walk) is { } record && !record.States.HasFlag(HsmStates.Released)) CountIfOwn(record, walk.Status);
    }

    private LedgerRecord? Record(TreeWalk walk) => walk.Status.Kind == FileKind.Regular ? context.Ledger.ReadAt(walk.Parent, walk.Name) : null;

    private void CountIfOwn(LedgerRecord record, in FileStatus status)
    {
        if (record.TaskTag == context.TaskTag) context.Counters.DoneBefore(status.SizeBytes);
    }
}
