using System.Threading.Channels;
using Sluice.Core.Paths;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Walks the task's paths and hands on, in batches, the entries that need work. Holds neither a directory nor the tree in memory;
/// the channel's bound keeps it from running ahead of the movers.
/// <code>
/// each entry:  special file, or current → dropped      (current and of this task → counted as done by an earlier life of it)
///              certainly changed → counted, handed on   uncertain → handed on, a mover looks closer
/// </code>
/// It writes nothing to the file system and talks to no repository.
/// </summary>
internal sealed class TreeScanner(TaskContext context)
{
    private const int BatchEntries = 256;

    /// <summary>Scans all start paths, then completes the channel. Stops at once when the gate closes.</summary>
    public async Task ScanAsync(
        IReadOnlyList<ScanStart> starts, ChannelWriter<List<ScanEntry>> batches, CancellationToken cancellationToken)
    {
        foreach (var start in starts) await ScanAsync(start, batches, cancellationToken);
    }

    /// <summary>Counts what this task did in an earlier life, touching nothing: for a task that was canceled when its process died.</summary>
    public void Recount(IReadOnlyList<ScanStart> starts, CancellationToken cancellationToken)
    {
        foreach (var start in starts)
        {
            using var walk = new TreeWalk(context.Root, start.Path.ToBytes());
            while (walk.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (walk.Error is null && Judge(walk, start.Link, out var record) == Standing.Current) CountIfOwn(record, walk.Status);
            }
        }
    }

    private async Task ScanAsync(ScanStart start, ChannelWriter<List<ScanEntry>> batches, CancellationToken cancellationToken)
    {
        using var walk = new TreeWalk(context.Root, start.Path.ToBytes());
        var more = true;
        while (more && !context.IsStopped)
        {
            var batch = new List<ScanEntry>(BatchEntries);
            more = Fill(walk, start.Link, batch, cancellationToken);
            if (batch.Count > 0) await batches.WriteAsync(batch, cancellationToken);
        }
    }

    /// <returns>False at the end of the walk.</returns>
    private bool Fill(TreeWalk walk, LinkedDirectory link, List<ScanEntry> batch, CancellationToken cancellationToken)
    {
        while (batch.Count < BatchEntries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (context.IsStopped || !walk.MoveNext()) return false;
            if (Examine(walk, link) is not { } entry) continue;
            if (entry.IsCounted) context.Counters.Found(entry.SizeBytes);
            batch.Add(entry);
        }

        return true;
    }

    private ScanEntry? Examine(TreeWalk walk, LinkedDirectory link)
    {
        if (walk.Error is { } error) return Entry(walk, link, Standing.Unknown, isCounted: true, error);
        var status = walk.Status;
        if (status.Kind is not (FileKind.Regular or FileKind.Directory or FileKind.Symlink)) return null;

        // The linked directory itself has no object when the bucket's root is linked.
        if (walk.Path.SequenceEqual(link.Mapping.Directory.ToBytes()) && link.Mapping.Repository.Prefix.Length == 0) return null;

        var standing = Judge(walk, link, out var record);
        if (standing == Standing.Current)
        {
            CountIfOwn(record, status);
            return null;
        }

        var isCertain = standing switch
        {
            Standing.DataChanged => true,
            Standing.MetadataChanged => true,
            Standing.Unknown => context.Ledger.CanRecord(status),
            Standing.Moved => status.Kind != FileKind.Regular || status.LinkCount == 1,
            Standing.Suspect => false,
            Standing.Current => false,
        };
        return Entry(walk, link, standing, isCertain, error: null);
    }

    private Standing Judge(TreeWalk walk, LinkedDirectory link, out LedgerRecord? record)
    {
        record = context.Ledger.ReadAt(walk.Parent, walk.Name);
        var status = walk.Status;
        return Standings.Judge(record, status, link.Address.Of(walk.Path, status.Kind == FileKind.Directory));
    }

    private void CountIfOwn(LedgerRecord? record, in FileStatus status)
    {
        if (record?.TaskTag == context.TaskTag) context.Counters.DoneBefore(ContentBytes(status.Kind, status.SizeBytes));
    }

    private static ScanEntry Entry(TreeWalk walk, LinkedDirectory link, Standing standing, bool isCounted, PosixException? error)
    {
        var kind = error is null ? walk.Status.Kind : FileKind.Unknown;
        return new ScanEntry
        {
            Path = walk.Path.ToArray(),
            Link = link,
            Kind = kind,
            SizeBytes = error is null ? ContentBytes(kind, walk.Status.SizeBytes) : 0,
            Standing = standing,
            IsCounted = isCounted,
            Error = error,
        };
    }

    private static long ContentBytes(FileKind kind, long sizeBytes) => kind == FileKind.Directory ? 0 : sizeBytes;
}

/// <summary>Where a scan begins.</summary>
/// <param name="Path">A path of the task, or an association's directory beneath one.</param>
/// <param name="Link">The association that covers it.</param>
internal sealed record ScanStart(FileSystemPath Path, LinkedDirectory Link);
