using System.Text;
using System.Threading.Channels;
using Sluice.Core.Files;
using Sluice.Engine.Runs;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Lists the keys a task takes and hands on, in batches and in key order, those whose objects are new or changed. A large bucket is listed by several
/// streams: one that has nothing to do takes a part of what another has before it, cut where a directory begins. Memory does not grow with the bucket.
/// It writes nothing.
/// </summary>
/// <param name="context">The task.</param>
/// <param name="directories">Where its entries go.</param>
/// <param name="starts">Which keys it takes.</param>
/// <param name="streams">Listings at a time.</param>
/// <param name="isRepeated">Whether an earlier life of the task may have left something.</param>
internal sealed class BucketLister(TaskContext context, ImportDirectories directories, IReadOnlyList<ImportStart> starts, int streams, bool isRepeated)
    : IEntrySource<ImportEntry>
{
    private const int BatchEntries = 64;

    // A page of a listing: a bucket that fits is asked once.
    private const int SplitKeys = 1000;
    private const int LongestSplitKeys = 256_000;

    private readonly ImportJudge _judge = new(context);
    private readonly SharedWork<KeyRange> _ranges = new();

    /// <inheritdoc/>
    public async Task FindAsync(ChannelWriter<List<ImportEntry>> batches, CancellationToken cancellationToken)
    {
        if (isRepeated) ImportLeftovers.Settle(context, starts, counts: false, cancellationToken);

        // A listing is nothing in flight: a cancel stops it at once.
        using var listing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.Gate.Closed);
        try
        {
            foreach (var start in starts) await BeginAsync(start, batches, listing.Token);
            await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => ListAllAsync(batches, listing.Token)));
        }
        catch (RepositoryException e)
        {
            context.Health.ReportUnlistable(e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <inheritdoc/>
    /// <remarks>By the tree, not by the bucket: the end of a task must not depend on the repository.</remarks>
    public Task RecountAsync(CancellationToken cancellationToken)
    {
        ImportLeftovers.Settle(context, starts, counts: true, cancellationToken);
        return Task.CompletedTask;
    }

    private async Task BeginAsync(ImportStart start, ChannelWriter<List<ImportEntry>> batches, CancellationToken cancellationToken)
    {
        var range = KeyRange.Of(directories, start, new ImportPath(start.Link.Mapping));
        if (start.Key is { } key)
        {
            var first = await start.Link.Repository.ListAsync(key, startAfter: null, cancellationToken).FirstOrDefaultAsync(cancellationToken);
            if (first?.Key == key)
            {
                var path = range.Paths.Of(Encoding.UTF8.GetBytes(key), out _);
                var batch = new List<ImportEntry>();
                Place(range, first, directories.Permanent(path.AsSpan()[..Math.Max(0, path.AsSpan().LastIndexOf((byte)'/'))]), batch);
                await batches.WriteAsync(batch, cancellationToken);
            }
        }

        _ranges.Add(range);
    }

    private async Task ListAllAsync(ChannelWriter<List<ImportEntry>> batches, CancellationToken cancellationToken)
    {
        try
        {
            while (await _ranges.TakeAsync(cancellationToken) is { } range)
            {
                try
                {
                    if (!context.IsStopped) await ListAsync(range, batches, cancellationToken);
                }
                catch (RepositoryException e)
                {
                    // What is in flight is finished; the task fails then.
                    context.Health.ReportUnlistable(e);
                }

                _ranges.Finish();
            }
        }
        catch
        {
            _ranges.Close();
            throw;
        }
    }

    private async Task ListAsync(KeyRange range, ChannelWriter<List<ImportEntry>> batches, CancellationToken cancellationToken)
    {
        var batch = new List<ImportEntry>(BatchEntries);
        var (listed, splitAt) = (0L, (long)SplitKeys);
        await foreach (var item in range.Start.Link.Repository.ListAsync(range.Start.Prefix, range.ListAfter, cancellationToken))
        {
            if (context.IsStopped || _ranges.IsClosed) break;
            RequireAskedFor(range.Start, item.Key);
            var key = Encoding.UTF8.GetBytes(item.Key);
            if (range.First is { } first && key.AsSpan().SequenceCompareTo(first) < 0) continue;
            if (range.End is { } end && key.AsSpan().SequenceCompareTo(end) >= 0) break;
            Place(range, item, key, batch);
            if (batch.Count == BatchEntries)
            {
                await batches.WriteAsync(batch, cancellationToken);
                batch = new List<ImportEntry>(BatchEntries);
            }

            if (++listed < splitAt) continue;
            splitAt = listed + Math.Min(splitAt, LongestSplitKeys);
            if (_ranges.Wanted is var wanted and > 0) await SplitAsync(range, item.Key, wanted, cancellationToken);
        }

        if (batch.Count > 0) await batches.WriteAsync(batch, cancellationToken);
        range.Close();
    }

    /// <summary>What a key means in the file system is told from what is behind its prefix: one without it means nothing, and a listing that has one nothing at all.</summary>
    private static void RequireAskedFor(ImportStart start, string key)
    {
        if (key.StartsWith(start.Prefix, StringComparison.Ordinal)) return;
        throw new RepositoryException(
            RepositoryErrorCode.Other, $"The repository listed the key '{key}', which does not begin with '{start.Prefix}' as was asked for.", isTransient: false);
    }

    /// <summary>Gives away the farther part of what is left of a range, at the outermost directory where that is possible.</summary>
    private async Task SplitAsync(KeyRange range, string position, int wanted, CancellationToken cancellationToken)
    {
        foreach (var part in await KeySplits.FindAsync(range, position, wanted, cancellationToken)) _ranges.Add(part);
    }

    private void Place(KeyRange range, ListedObject item, byte[] key, List<ImportEntry> batch)
    {
        var path = range.Paths.Of(key, out var isDirectory);
        if (range.Paths.Refuse(key) is { } refusal)
        {
            Add(batch, new ImportEntry { Path = path, Link = range.Start.Link, Object = item, IsDirectory = isDirectory, Refusal = refusal, IsCounted = true });
            return;
        }

        var parent = path.AsSpan(0, isDirectory ? path.Length : Math.Max(0, path.AsSpan().LastIndexOf((byte)'/')));
        Place(range.Start.Link, item, path, isDirectory, range.Enter(parent, isDirectory), batch);
    }

    private void Place(KeyRange range, ListedObject item, ImportDirectory directory, List<ImportEntry> batch)
    {
        var key = Encoding.UTF8.GetBytes(item.Key);
        if (range.Paths.Refuse(key) is not null) Place(range, item, key, batch);
        else Place(range.Start.Link, item, range.Paths.Of(key, out _), isDirectory: false, directory, batch);
    }

    private void Place(LinkedDirectory link, ListedObject item, byte[] path, bool isDirectory, ImportDirectory directory, List<ImportEntry> batch)
    {
        var standing = _judge.Judge(directory, link, path, isDirectory, item);
        if (standing == ObjectStanding.Done) CountDone(item, path, isDirectory);
        if (standing is ObjectStanding.Done or ObjectStanding.Current) return;
        directory.AddReference();
        Add(batch, new ImportEntry
        {
            Path = path, Link = link, Object = item, IsDirectory = isDirectory, Directory = directory, IsCounted = standing == ObjectStanding.Changed,
        });
    }

    private void Add(List<ImportEntry> batch, ImportEntry entry)
    {
        if (entry.IsCounted) context.Counters.Found(entry.SizeBytes);
        batch.Add(entry);
    }

    private void CountDone(ListedObject item, byte[] path, bool isDirectory)
    {
        context.Counters.DoneBefore(isDirectory ? 0 : item.SizeBytes);

        // The rows of its earlier life are gone.
        if (!isDirectory && StorageClasses.IsArchive(item.StorageClass))
            context.Failures.AddWarning(new FileFailure(path, FailureCode.S3ObjectInUnsupportedTier, "The object is in an archive."));
    }
}
