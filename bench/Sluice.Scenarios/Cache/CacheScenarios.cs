using System.Diagnostics;
using Sluice.Repositories;
using Sluice.Repositories.Resolving;
using Sluice.Scenarios.References;
using Sluice.Scenarios.Targets;
using Sluice.Scenarios.Trees;

namespace Sluice.Scenarios.Cache;

/// <summary>
/// Import, release and restore, each beside its references in the same run.
/// <code>
/// tree → export → release → restore                (small files, at an S3 server)
/// wipe → import                                    (the same objects)
/// one large file → export → release → restore, read
/// many objects in a directory → import             (memory)
/// resident files → open, read                      (with and without the guard)
/// </code>
/// </summary>
/// <param name="context">What was asked for.</param>
internal sealed class CacheScenarios(ScenarioContext context)
{
    private const long FileBytes = 4096;

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new Part("cache-small-files", ["release-small-files", "restore-small-files", "import-small-files"], (all, cancel) => all.SmallFilesAsync(cancel)),
        new Part("cache-large-file", ["restore-large-file"], (all, cancel) => all.LargeFileAsync(cancel)),
        new Part("import-many", ["import-many"], (all, cancel) => all.ImportManyAsync(cancel)),
        new Part("guarded-reads", ["guarded-reads"], (all, cancel) => all.GuardedReadsAsync(cancel)),
    ];

    private async Task SmallFilesAsync(CancellationToken cancellationToken)
    {
        var files = context.Sizes.Files;
        var tree = new EvenTree(files, FileBytes);
        await using var s3 = await context.StartS3Async(tree.StoreBytes, cancellationToken);
        using var resolver = Resolver(s3);
        var repository = resolver.Resolve(s3.Bucket);
        await using var rig = await CacheRig.StartAsync(context.Program, ImageBytes(files), s3, cancellationToken);
        tree.MakeIn(rig.Root);
        await rig.RunTaskAsync("export", cancellationToken);
        await rig.SettleAsync(cancellationToken);

        var release = new CacheTable("release-small-files", $"Release of {files:N0} files of 4 KiB", "files");
        release.AddSluice("release task", files, await rig.RunTaskAsync("release", cancellationToken));
        foreach (var (mode, what) in new[] { ("release", "bare system calls"), ("safe-release", "the same, safe against readers and writers") })
        {
            var copy = Path.Combine(rig.Beside, mode);
            Directory.CreateDirectory(copy);
            tree.MakeIn(copy);
            await rig.SettleAsync(cancellationToken);
            release.AddReference($"{what}, C, one thread", files, await NativeReference.NumberAsync(cancellationToken, mode, copy));
        }

        release.AddReference("HEAD of every object, 32 at a time", files, await Reference.HeadAllAsync(repository, cancellationToken));
        release.AddReference("raw HEAD of every object, C, 32 connections", files, await RawReads.HeadAllAsync(s3, rig.Root, cancellationToken));
        Write(release);

        await rig.SettleAsync(cancellationToken);
        var restore = new CacheTable("restore-small-files", $"Restore of {files:N0} files of 4 KiB", "files");
        restore.AddSluice("restore task", files, await rig.RunTaskAsync("restore", cancellationToken));
        var restored = Path.Combine(rig.Beside, "restored");
        Directory.CreateDirectory(restored);
        restore.AddReference("GET, write and fsync of every object, 32 at a time", files, await Reference.GetAllToDiskAsync(repository, restored, cancellationToken));
        restore.AddReference("GET of every object to nowhere, 32 at a time", files, await Reference.GetAllAsync(repository, cancellationToken));
        restore.AddReference("raw GET of every object, C, 32 connections", files, await RawReads.GetAllAsync(s3, rig.Root, cancellationToken));
        restore.AddNote("FSx for Lustre's hsm_restore was measured by its users at 345 files/s at the most.");
        Write(restore);

        foreach (var directory in Directory.EnumerateDirectories(rig.Root)) Directory.Delete(directory, recursive: true);
        await ImportAsync(rig, repository, "import-small-files", files, cancellationToken);
    }

    private async Task LargeFileAsync(CancellationToken cancellationToken)
    {
        var bytes = context.Sizes.LargeBytes / 4;
        var tree = new EvenTree(1, bytes);
        await using var s3 = await context.StartS3Async(tree.StoreBytes, cancellationToken);
        using var resolver = Resolver(s3);
        await using var rig = await CacheRig.StartAsync(context.Program, (bytes * 9 / 4) + (1L << 30), s3, cancellationToken);
        tree.MakeIn(rig.Root);
        await rig.RunTaskAsync("export", cancellationToken);
        await rig.RunTaskAsync("release", cancellationToken);
        await rig.SettleAsync(cancellationToken);
        var mib = bytes / (double)(1 << 20);
        var table = new CacheTable("restore-large-file", $"Restore of {tree.Title}", "MiB");
        table.AddSluice("restore task", mib, await rig.RunTaskAsync("restore", cancellationToken));
        table.AddReference(
            "the same ranged GETs to nowhere", mib, await Reference.GetRangesAsync(resolver.Resolve(s3.Bucket), "d0000/f0000", bytes, cancellationToken));
        table.AddReference(
            "raw ranged GETs, C, 4 connections", mib, await RawReads.GetRangesAsync(s3, "d0000/f0000", bytes, cancellationToken));
        await rig.SettleAsync(cancellationToken);
        table.AddReference(
            "writing as many bytes from C, fdatasync", mib,
            await NativeReference.NumberAsync(cancellationToken, "write", Path.Combine(rig.Beside, "written"), $"{bytes}"));
        File.Delete(Path.Combine(rig.Beside, "written"));
        await rig.RunTaskAsync("release", cancellationToken);
        await rig.SettleAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await using (var file = new FileStream(Path.Combine(rig.Root, "d0000/f0000"), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20))
        {
            await file.CopyToAsync(Stream.Null, 1 << 20, cancellationToken);
        }

        table.AddReference("reading the released file from end to end", mib, Stopwatch.GetElapsedTime(start).TotalSeconds);
        Write(table);
    }

    private async Task ImportManyAsync(CancellationToken cancellationToken)
    {
        var objects = context.Sizes.Objects;
        await using var rig = await CacheRig.StartAsync(context.Program, ImageBytes(objects), s3: null, cancellationToken);
        using var resolver = new RepositoryResolver(
            new RepositoryOptions { DefaultDirectory = Path.GetDirectoryName(rig.BucketDirectory)! }, TimeProvider.System);
        var repository = resolver.Resolve(CacheRig.DirectoryBucket);
        await FillAsync(repository, objects, cancellationToken);
        await ImportAsync(rig, repository, "import-many", objects, cancellationToken);
    }

    private async Task ImportAsync(CacheRig rig, IObjectRepository repository, string name, int objects, CancellationToken cancellationToken)
    {
        var table = new CacheTable(name, $"Import of {objects:N0} objects", "objects");
        await rig.SettleAsync(cancellationToken);
        table.AddSluice("import task", objects, await rig.RunTaskAsync("import", cancellationToken));
        var list = await Reference.ListAsync(repository, cancellationToken);
        var directory = Path.Combine(rig.Beside, "create");
        Directory.CreateDirectory(directory);
        await rig.SettleAsync(cancellationToken);
        var create = await NativeReference.NumberAsync(cancellationToken, "create", directory, $"{objects}", $"{FileBytes}");
        table.AddReference("listing, then creating the stubs from C", objects, list + create);
        table.AddReference("listing, HEAD of every object 32 at a time, then creating the stubs from C", objects, await Reference.HeadAllAsync(repository, cancellationToken) + create);
        table.AddSecondRun(objects, await rig.RunTaskAsync("import", cancellationToken));
        Write(table);
    }

    private async Task GuardedReadsAsync(CancellationToken cancellationToken)
    {
        var files = context.Sizes.Files;
        await using var rig = await CacheRig.StartAsync(context.Program, ImageBytes(files), s3: null, cancellationToken);
        new EvenTree(files, FileBytes).MakeIn(rig.Root);
        var guarded = await NativeReference.NumberAsync(cancellationToken, "read", rig.Root, "7");
        await rig.RemountAsync(isGuarded: false, cancellationToken);
        var bare = await NativeReference.NumberAsync(cancellationToken, "read", rig.Root, "7");
        await rig.RemountAsync(isGuarded: true, cancellationToken);
        guarded = Math.Min(guarded, await NativeReference.NumberAsync(cancellationToken, "read", rig.Root, "7"));
        var table = new CacheTable("guarded-reads", $"Open, read 4 KiB and close of {files:N0} resident files, warm", "files");
        table.AddNanoseconds("guarded by the Hydrator", guarded, bare);
        table.AddNanoseconds("mounted as usual", bare, bare);
        table.AddNote("The last column is the cost against the usual mount; the best of several rounds each, taken in turn.");
        Write(table);
    }

    private static async Task FillAsync(IObjectRepository repository, int objects, CancellationToken cancellationToken)
    {
        var content = new byte[64];
        var metadata = new ObjectMetadata
        {
            User = new Dictionary<string, string> { ["file-permissions"] = "0100644", ["file-owner"] = "1000", ["file-group"] = "1000", ["file-mtime"] = "1700000000000000001ns" },
        };
        var checksum = Repositories.Checksums.Crc64Nvme.Hash(content);
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, objects, options, async (number, cancel) => await repository.PutAsync(
            new PutRequest { Key = $"d{number / 1000:0000}/f{number % 1000:0000}", Content = content, Checksum = checksum, Metadata = metadata },
            Core.Tasks.StartPermit.Unrestricted, cancel));
    }

    private void Write(CacheTable table) => table.Write(context);

    // 4 KiB of data, an inode, a block of attributes; three times, for the references beside it.
    private static long ImageBytes(int files) => (1L << 30) + (files * 3L * (4096 + 4096 + 512));

    /// <summary>Reaches the buckets of an S3 server as the engine does.</summary>
    public static RepositoryResolver Resolver(S3Target s3)
    {
        foreach (var (name, value) in s3.Environment) Environment.SetEnvironmentVariable(name, value);
        return new RepositoryResolver(
            new RepositoryOptions { DefaultDirectory = "/nonexistent", S3 = new S3Endpoint { Url = s3.Endpoint, Region = "us-east-1" } }, TimeProvider.System);
    }

    /// <summary>One of them.</summary>
    private sealed record Part(string Name, IReadOnlyList<string> Results, Func<CacheScenarios, CancellationToken, Task> Run) : IScenario
    {
        /// <inheritdoc/>
        public Task RunAsync(ScenarioContext context, CancellationToken cancellationToken) => Run(new CacheScenarios(context), cancellationToken);
    }
}
