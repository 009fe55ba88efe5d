using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Picks what an export sends:
/// <code>
/// special file, or current → dropped      (current and of this task → counted as done by an earlier life of it)
/// certainly changed → counted, handed on   uncertain → handed on, a mover looks closer
/// </code>
/// </summary>
internal sealed class ExportJudge(TaskContext context) : ITreeJudge
{
    private bool _isUnanswered;

    /// <inheritdoc/>
    public ScanEntry? Examine(TreeWalk walk, LinkedDirectory? link)
    {
        ArgumentNullException.ThrowIfNull(link);
        var status = walk.Status;
        if (status.Kind is not (FileKind.Regular or FileKind.Directory or FileKind.Symlink)) return null;

        // The linked directory itself has no object when the bucket's root is linked.
        if (link.Mapping.Repository.Prefix.Length == 0 && walk.Path.SequenceEqual(link.Path.Span)) return null;

        var standing = Judge(walk, link, out var record);
        if (standing == Standing.Current)
        {
            CountIfOwn(record, status);
            return null;
        }

        // What is only in the repository can be copied there, if it is still there.
        var isReleased = record?.States.HasFlag(HsmStates.Released) == true;
        var isCertain = !isReleased && standing switch
        {
            Standing.DataChanged => true,
            Standing.MetadataChanged => true,
            Standing.Unknown => context.Ledger.CanRecord(status),
            Standing.Moved => status.Kind != FileKind.Regular || status.LinkCount == 1,
            Standing.Suspect => false,
            Standing.Current => false,
        };
        return ScanEntry.At(walk, link, standing, isCertain);
    }

    /// <inheritdoc/>
    public ValueTask RecountAsync(TreeWalk walk, LinkedDirectory? link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        var standing = Judge(walk, link, out var found);
        if (found is not { } record || record.TaskTag != context.TaskTag) return ValueTask.CompletedTask;

        // Done is done, whatever became of the entry since.
        if (standing != Standing.Moved || walk.Status.LinkCount == 1) CountIfOwn(record, walk.Status);
        else if (link.Mapping.TryGetKey(walk.Path, isDirectory: false, out var key) is null) return RecountNameAsync(link.Repository, key, record, cancellationToken);
        return ValueTask.CompletedTask;
    }

    /// <summary>An inode with several names has one record, which is about the one that was archived last: of the others their objects tell.</summary>
    private async ValueTask RecountNameAsync(IObjectRepository repository, string key, LedgerRecord record, CancellationToken cancellationToken)
    {
        if (_isUnanswered) return;
        try
        {
            var head = await repository.HeadAsync(key, cancellationToken);
            if (head is not null && record.IsOf(head.SizeBytes, head.ETag) && context.IsOfEarlierLife(head))
                context.Counters.DoneBefore(record.SizeBytes);
        }
        catch (RepositoryException)
        {
            // Nobody is to wait for this at every name. What is not counted, the next export finds done.
            _isUnanswered = true;
        }
    }

    private Standing Judge(TreeWalk walk, LinkedDirectory link, out LedgerRecord? record)
    {
        record = context.Ledger.ReadAt(walk.Parent, walk.Name);
        var status = walk.Status;
        return Standings.Judge(record, status, link.Address.Of(walk.Path, status.Kind == FileKind.Directory));
    }

    private void CountIfOwn(LedgerRecord? record, in FileStatus status)
    {
        if (record?.TaskTag == context.TaskTag) context.Counters.DoneBefore(ScanEntry.ContentBytes(status));
    }
}
