using System.Threading.Channels;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Walks a task's paths and hands on, in batches, the entries that its judge picks. Several walkers share the tree by its directories. Holds neither a
/// directory nor the tree in memory; the channel's bound keeps it from running ahead of the movers. It writes nothing to the file system and talks to no
/// repository itself.
/// </summary>
/// <param name="context">The task.</param>
/// <param name="starts">Where it begins.</param>
/// <param name="judge">What it picks; asked by several threads at a time.</param>
/// <param name="walkers">How many walk.</param>
internal sealed class TreeScanner(TaskContext context, IReadOnlyList<ScanStart> starts, ITreeJudge judge, int walkers) : IEntrySource<ScanEntry>
{
    /// <summary>Entries of a batch at most.</summary>
    public int BatchEntries { get; init; } = 256;

    /// <summary>Finds out about a batch what is cheaper to find out together.</summary>
    public Func<List<ScanEntry>, CancellationToken, Task>? Prepare { get; init; }

    /// <inheritdoc/>
    public async Task FindAsync(ChannelWriter<List<ScanEntry>> batches, CancellationToken cancellationToken)
    {
        using var walks = new SharedWalks(context.Root, starts);
        await Task.WhenAll(Enumerable.Range(0, walkers).Select(_ => WalkAllAsync(walks, batches, cancellationToken)));
    }

    /// <inheritdoc/>
    public async Task RecountAsync(CancellationToken cancellationToken)
    {
        foreach (var start in starts)
        {
            using var walk = new TreeWalk(context.Root, start.Path.ToBytes());
            while (walk.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (walk.Error is null) await judge.RecountAsync(walk, start.Link, cancellationToken);
            }
        }
    }

    private async Task WalkAllAsync(SharedWalks walks, ChannelWriter<List<ScanEntry>> batches, CancellationToken cancellationToken)
    {
        // Walking is system calls that block: each walker needs a thread of its own.
        await Task.Yield();
        try
        {
            var batch = new List<ScanEntry>(BatchEntries);
            while (true)
            {
                if (!walks.TryTake(out var walk))
                {
                    // Nobody is to wait for what was found while this one waits.
                    if (batch.Count > 0) batch = await HandOnAsync(batch, batches, cancellationToken);
                    walk = await walks.TakeAsync(cancellationToken);
                    if (walk is null) return;
                }

                try
                {
                    while (Fill(walks, walk, batch, cancellationToken)) batch = await HandOnAsync(batch, batches, cancellationToken);
                }
                finally
                {
                    walks.Finish(walk);
                }
            }
        }
        catch
        {
            walks.Close();
            throw;
        }
    }

    /// <returns>An empty batch, to go on with.</returns>
    private async Task<List<ScanEntry>> HandOnAsync(List<ScanEntry> batch, ChannelWriter<List<ScanEntry>> batches, CancellationToken cancellationToken)
    {
        if (Prepare is not null) await Prepare(batch, cancellationToken);
        await batches.WriteAsync(batch, cancellationToken);
        return new List<ScanEntry>(BatchEntries);
    }

    /// <returns>Whether the batch is full; else the walk is at its end, or need not go on.</returns>
    private bool Fill(SharedWalks walks, SharedWalk shared, List<ScanEntry> batch, CancellationToken cancellationToken)
    {
        var (walk, link) = shared;
        while (batch.Count < BatchEntries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (context.IsStopped || walks.IsClosed || !walk.MoveNext()) return false;
            var entry = walk.Error is { } error ? ScanEntry.Unreadable(walk, link, error) : judge.Examine(walk, link);
            walks.Offer(shared);
            if (entry is null) continue;
            if (entry.IsCounted) context.Counters.Found(entry.SizeBytes);
            batch.Add(entry);
        }

        return true;
    }
}
