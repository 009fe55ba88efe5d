using System.Diagnostics;
using Sluice.Repositories;
using Sluice.Scenarios.Cache;
using Sluice.Scenarios.Trees;

namespace Sluice.Scenarios.Access;

/// <summary>
/// How long a program waits that opens a released file and reads its first page, beside GETs of the same bytes.
/// <code>
/// small files: export → release → for each: open and read it; GET its object
/// a large one: export → release → (open, read the first page; GET that page; GET all → read to the end → release) …
/// </code>
/// </summary>
internal sealed class FirstByteScenario : IScenario
{
    private const int MostSmallFiles = 1000;
    private const int LargeOpens = 10;
    private const int MiniatureLargeOpens = 2;
    private const int PageBytes = 4096;
    private const int CopyBytes = 1 << 20;
    private const int WarmUps = 10;

    /// <inheritdoc/>
    public string Name => "first-byte";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var small = new EvenTree(Math.Min(MostSmallFiles, context.Sizes.Files) + WarmUps, PageBytes);
        var large = new EvenTree(1, context.Sizes.LargeBytes / 8);
        await using var s3 = await context.StartS3Async(small.StoreBytes + large.StoreBytes, cancellationToken);
        using var resolver = CacheScenarios.Resolver(s3);
        var repository = resolver.Resolve(s3.Bucket);
        await using var rig = await CacheRig.StartAsync(context.Program, ((small.Bytes + large.Bytes) * 2) + (1L << 30), s3, cancellationToken);
        var table = new ResultTable(
            Name, "Opening a released file and reading its first page",
            $"ext4 in an image, mounted by `sluice mount`; S3 server: {s3.Description}", Rounds: 1,
            ["milliseconds", "times", "median", "p99", "greatest"]);
        await SmallAsync(rig, repository, small, table, cancellationToken);
        await LargeAsync(rig, repository, large, context.IsMiniature ? MiniatureLargeOpens : LargeOpens, table, cancellationToken);
        table.Write(context);
    }

    private static async Task SmallAsync(CacheRig rig, IObjectRepository repository, EvenTree small, ResultTable table, CancellationToken cancellationToken)
    {
        small.MakeIn(rig.Root);
        await ReleaseAsync(rig, cancellationToken);
        var (opens, gets) = (new Samples(), new Samples());
        var number = 0;
        foreach (var file in Directory.EnumerateFiles(rig.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var isMeasured = number++ >= WarmUps;
            await TimeAsync(isMeasured ? opens : new(), () => ReadPageAsync(file, cancellationToken));
            await TimeAsync(isMeasured ? gets : new(), () => GetAsync(repository, Path.GetRelativePath(rig.Root, file), length: null, cancellationToken));
        }

        AddRow(table, "released, a file of 4 KiB: open, read", opens);
        AddRow(table, "GET of the same bytes", gets);
    }

    private static async Task LargeAsync(
        CacheRig rig, IObjectRepository repository, EvenTree large, int opens, ResultTable table, CancellationToken cancellationToken)
    {
        const string Folder = "large";
        const string Key = $"{Folder}/d0000/f0000";
        var file = Path.Combine(rig.Root, Key);
        large.MakeIn(Path.Combine(rig.Root, Folder));
        var (reads, pages, wholes) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < opens; round++)
        {
            await ReleaseAsync(rig, cancellationToken);
            await TimeAsync(reads, () => ReadPageAsync(file, cancellationToken));
            await ReadAllAsync(file, cancellationToken);
            await TimeAsync(pages, () => GetAsync(repository, Key, PageBytes, cancellationToken));
            wholes.Add(TimeSpan.FromSeconds(await Reference.GetRangesAsync(repository, Key, large.Bytes, cancellationToken)));
        }

        AddRow(table, $"released, {large.Title}: open, read the first page", reads);
        AddRow(table, "GET of that page", pages);
        AddRow(table, "GET of all of it to nowhere, in ranges, 4 at a time", wholes);
    }

    private static async Task ReleaseAsync(CacheRig rig, CancellationToken cancellationToken)
    {
        _ = await rig.RunTaskAsync("export", cancellationToken);
        _ = await rig.RunTaskAsync("release", cancellationToken);
        await rig.SettleAsync(cancellationToken);
    }

    private static async Task TimeAsync(Samples samples, Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        samples.Add(Stopwatch.GetElapsedTime(start));
    }

    private static async Task ReadPageAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        await file.ReadExactlyAsync(new byte[PageBytes], cancellationToken);
    }

    private static async Task ReadAllAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        await file.CopyToAsync(Stream.Null, CopyBytes, cancellationToken);
    }

    private static async Task GetAsync(IObjectRepository repository, string key, long? length, CancellationToken cancellationToken)
    {
        await using var content = await repository.GetAsync(key, 0, length, null, cancellationToken);
        await content.Stream.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static void AddRow(ResultTable table, string what, Samples samples) => table.AddRow(
        what, $"{samples.Count}", ResultTable.Figure(samples.Median, 2), ResultTable.Figure(samples.P99, 2), ResultTable.Figure(samples.Greatest, 2));
}
