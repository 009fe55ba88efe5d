using System.Threading.Channels;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Walks a task's paths and hands on, in batches, the entries that its judge picks. Holds neither a directory nor the tree in memory;
/// the channel's bound keeps it from running ahead of the movers. It writes nothing to the file system and talks to no repository itself.
/// </summary>
internal sealed class TreeScanner(TaskContext context, IReadOnlyList<ScanStart> starts, ITreeJudge judge) : IEntrySource<ScanEntry>
{
    /// <summary>Entries of a batch at most.</summary>
    public int BatchEntries { get; init; } = 256;

    /// <summary>Finds out about a batch what is cheaper to find out together.</summary>
    public Func<List<ScanEntry>, CancellationToken, Task>? Prepare { get; init; }

    /// <inheritdoc/>
    public async Task FindAsync(ChannelWriter<List<ScanEntry>> batches, CancellationToken cancellationToken)
    {
        foreach (var start in starts)
        {
            using var walk = new TreeWalk(context.Root, start.Path.ToBytes());
            var more = true;
            while (more && !context.IsStopped)
            {
                var batch = new List<ScanEntry>(BatchEntries);
                more = Fill(walk, start.Link, batch, cancellationToken);
                if (batch.Count == 0) continue;
                if (Prepare is not null) await Prepare(batch, cancellationToken);
                await batches.WriteAsync(batch, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public Task RecountAsync(CancellationToken cancellationToken)
    {
        foreach (var start in starts)
        {
            using var walk = new TreeWalk(context.Root, start.Path.ToBytes());
            while (walk.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (walk.Error is null) judge.Recount(walk, start.Link);
            }
        }

        return Task.CompletedTask;
    }

    /// <returns>False at the end of the walk.</returns>
    private bool Fill(TreeWalk walk, LinkedDirectory? link, List<ScanEntry> batch, CancellationToken cancellationToken)
    {
        while (batch.Count < BatchEntries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (context.IsStopped || !walk.MoveNext()) return false;
            var entry = walk.Error is { } error ? ScanEntry.Unreadable(walk, link, error) : judge.Examine(walk, link);
            if (entry is null) continue;
            if (entry.IsCounted) context.Counters.Found(entry.SizeBytes);
            batch.Add(entry);
        }

        return true;
    }
}
