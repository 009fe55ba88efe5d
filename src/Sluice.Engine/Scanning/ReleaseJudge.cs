using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Picks what a release looks at:
/// <code>
/// no regular file, younger than asked for, released before → dropped
/// released by an earlier life of the task → counted as done      begun by one, or by somebody else who did not end it → handed on
/// archived, and empty → dropped: there is nothing to free
/// everything else → handed on; a mover frees it, or says why not
/// </code>
/// </summary>
internal sealed class ReleaseJudge(TaskContext context, long touchedBeforeNs) : ITreeJudge
{
    /// <inheritdoc/>
    public ScanEntry? Examine(TreeWalk walk, LinkedDirectory? link)
    {
        var status = walk.Status;
        if (status.Kind != FileKind.Regular) return null;
        var record = context.Ledger.ReadAt(walk.Parent, walk.Name);
        if (record?.TaskTag == context.TaskTag)
        {
            if (record is { IsUnderWay: true }) return ScanEntry.At(walk, link, Standing.Unknown, isCounted: true);
            context.Counters.DoneBefore(status.SizeBytes);
            return null;
        }

        if (status.LastTouchedNs >= touchedBeforeNs) return null;
        if (record?.States.HasFlag(HsmStates.Released) == true) return record.Value.IsUnderWay ? ScanEntry.At(walk, link, Standing.Unknown, isCounted: false) : null;
        if (status.SizeBytes == 0 && record is { SizeBytes: 0 } empty && empty.States.HasFlag(HsmStates.Archived)) return null;

        // A file that is used right now becomes younger: a mover that finds it so does not count it.
        return ScanEntry.At(walk, link, Standing.Unknown, isCounted: touchedBeforeNs == long.MaxValue);
    }

    /// <inheritdoc/>
    public ValueTask RecountAsync(TreeWalk walk, LinkedDirectory? link, CancellationToken cancellationToken)
    {
        if (walk.Status.Kind == FileKind.Regular && context.Ledger.ReadAt(walk.Parent, walk.Name)?.TaskTag == context.TaskTag)
            context.Counters.DoneBefore(walk.Status.SizeBytes);
        return ValueTask.CompletedTask;
    }
}
