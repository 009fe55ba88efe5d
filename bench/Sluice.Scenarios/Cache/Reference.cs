using Sluice.Repositories;

namespace Sluice.Scenarios.Cache;

/// <summary>The limits beside which the figures of a cache scenario stand: requests to the bucket by our own client.</summary>
internal static class Reference
{
    private const int InParallel = 32;

    /// <summary>Seconds to list a bucket.</summary>
    public static async Task<double> ListAsync(IObjectRepository repository, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        await foreach (var _ in repository.ListAsync("", startAfter: null, cancellationToken))
        {
        }

        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds to HEAD every object of a bucket, many at a time.</summary>
    public static Task<double> HeadAllAsync(IObjectRepository repository, CancellationToken cancellationToken) =>
        EachAsync(repository, async (listed, cancel) => await repository.HeadAsync(listed.Key, cancel), cancellationToken);

    /// <summary>Seconds to read every object of a bucket to nowhere, many at a time.</summary>
    public static Task<double> GetAllAsync(IObjectRepository repository, CancellationToken cancellationToken) =>
        EachAsync(
            repository,
            async (listed, cancel) =>
            {
                await using var content = await repository.GetAsync(listed.Key, 0, null, null, cancel);
                await content.Stream.CopyToAsync(Stream.Null, cancel);
            },
            cancellationToken);

    /// <summary>Seconds to read every object of a bucket into a file that has its size but no data, and to bring each to the disk (fsync(2)), many at a time.</summary>
    /// <param name="repository">The bucket.</param>
    /// <param name="directory">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<double> GetAllToDiskAsync(IObjectRepository repository, string directory, CancellationToken cancellationToken)
    {
        await foreach (var listed in repository.ListAsync("", startAfter: null, cancellationToken))
        {
            if (IsDirectory(listed)) continue;
            var path = Path.Combine(directory, listed.Key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var hollow = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.SetLength(hollow, listed.SizeBytes);
        }

        return await EachAsync(
            repository,
            async (listed, cancel) =>
            {
                if (IsDirectory(listed)) return;
                await using var content = await repository.GetAsync(listed.Key, 0, null, null, cancel);
                var bytes = new byte[listed.SizeBytes];
                await content.Stream.ReadExactlyAsync(bytes, cancel);
                using var file = File.OpenHandle(Path.Combine(directory, listed.Key), FileMode.Open, FileAccess.Write);
                RandomAccess.Write(file, bytes, 0);
                RandomAccess.FlushToDisk(file);
            },
            cancellationToken);
    }

    /// <summary>Seconds to read one object in ranges of 8 MiB, four at a time.</summary>
    public static async Task<double> GetRangesAsync(IObjectRepository repository, string key, long bytes, CancellationToken cancellationToken)
    {
        const int RangeBytes = 8 << 20;
        var start = TimeProvider.System.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, (bytes + RangeBytes - 1) / RangeBytes, options, async (range, cancel) =>
        {
            await using var content = await repository.GetAsync(key, range * RangeBytes, Math.Min(RangeBytes, bytes - (range * RangeBytes)), null, cancel);
            await content.Stream.CopyToAsync(Stream.Null, cancel);
        });
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static bool IsDirectory(ListedObject listed) => listed.Key.EndsWith('/');

    private static async Task<double> EachAsync(
        IObjectRepository repository, Func<ListedObject, CancellationToken, ValueTask> visit, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = InParallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(repository.ListAsync("", startAfter: null, cancellationToken), options, visit);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
