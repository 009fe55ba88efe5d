using System.Diagnostics;
using Sluice.Repositories;
using Sluice.Scenarios.Cache;

namespace Sluice.Scenarios.Access;

/// <summary>
/// How long a program waits that opens a released file and reads its first page, beside GETs of the same bytes.
/// <code>
/// small files: export → release → for each: open and read it; GET its object
/// a large one: export → release → (open, read the first page; GET that page; GET all → read to the end → release) …
/// </code>
/// </summary>
/// <param name="Program">The sluice to measure.</param>
/// <param name="Output">Where the results go.</param>
/// <param name="Files">Small files, each opened once.</param>
/// <param name="LargeBytes">Size of the large file.</param>
/// <param name="Rounds">How often the large file is opened.</param>
internal sealed record FirstByteScenario(string Program, string Output, int Files, long LargeBytes, int Rounds)
{
    private const int PageBytes = 4096;
    private const int CopyBytes = 1 << 20;
    private const int WarmUps = 10;

    /// <summary>Name on the command line and in the results.</summary>
    public static string Name => "first-byte";

    private ExportScenario Small => new("small", Files + WarmUps, PageBytes);

    private ExportScenario Large => new("large", 1, LargeBytes);

    /// <summary>Runs it and writes its table.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var s3 = await RgwRig.StartAsync(Small.StoreBytes + Large.StoreBytes, "bench", cancellationToken);
        using var resolver = CacheScenarios.Resolver(s3);
        var repository = resolver.Resolve("bench");
        await using var rig = await CacheRig.StartAsync(Program, LargeBytes + Small.Bytes + (1L << 30), s3, cancellationToken);
        var table = new ResultTable(
            Name, "Opening a released file and reading its first page",
            "ext4 in an image, mounted by `sluice mount`; S3 server: Ceph RADOS Gateway with its data in memory, on the same machine.",
            ["milliseconds", "times", "median", "p99", "greatest"]);
        await SmallAsync(rig, repository, table, cancellationToken);
        await LargeAsync(rig, repository, table, cancellationToken);
        Console.WriteLine(table.Write(Output, TimeProvider.System.GetUtcNow()));
    }

    private async Task SmallAsync(CacheRig rig, IObjectRepository repository, ResultTable table, CancellationToken cancellationToken)
    {
        Small.MakeTree(rig.Root);
        await ReleaseAsync(rig, cancellationToken);
        var (opens, gets) = (new Samples(), new Samples());
        var number = 0;
        foreach (var file in Directory.EnumerateFiles(rig.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var isMeasured = number++ >= WarmUps;
            await TimeAsync(isMeasured ? opens : new(), () => ReadPageAsync(file, cancellationToken));
            await TimeAsync(isMeasured ? gets : new(), () => GetAsync(repository, Path.GetRelativePath(rig.Root, file), length: null, cancellationToken));
        }

        AddRow(table, "released file of 4 KiB: open, read", opens);
        AddRow(table, "GET of the same bytes", gets);
    }

    private async Task LargeAsync(CacheRig rig, IObjectRepository repository, ResultTable table, CancellationToken cancellationToken)
    {
        const string Folder = "large";
        const string Key = $"{Folder}/d0000/f0000";
        var file = Path.Combine(rig.Root, Key);
        Large.MakeTree(Path.Combine(rig.Root, Folder));
        var (opens, pages, wholes) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            await ReleaseAsync(rig, cancellationToken);
            await TimeAsync(opens, () => ReadPageAsync(file, cancellationToken));
            await ReadAllAsync(file, cancellationToken);
            await TimeAsync(pages, () => GetAsync(repository, Key, PageBytes, cancellationToken));
            wholes.Add(TimeSpan.FromSeconds(await Reference.GetRangesAsync(repository, Key, LargeBytes, cancellationToken)));
        }

        AddRow(table, $"released file of {LargeBytes / (double)(1 << 30):0.##} GiB: open, read the first page", opens);
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
