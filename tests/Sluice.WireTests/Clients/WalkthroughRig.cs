using Sluice.Catalog.Sqlite;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.TestKit;

namespace Sluice.WireTests.Clients;

/// <summary>
/// The real program on a directory or a real bucket, slow enough (one mover) that a client can cancel in the midst, with two tasks in its
/// catalog that no client can make: one that has ended, and one that the service started itself.
/// </summary>
internal sealed class WalkthroughRig : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly RgwBucket? _bucket;

    private WalkthroughRig(TempDirectory directory, RgwBucket? bucket, SluiceServer server) =>
        (_directory, _bucket, Server) = (directory, bucket, server);

    public static TaskId Ended { get; } = TaskId.Parse("task-0000000000000000e");

    public static TaskId AutoRelease { get; } = TaskId.Parse("task-0000000000000000a");

    public SluiceServer Server { get; }

    /// <summary>Arguments of each walkthrough.</summary>
    public string[] Arguments => [_directory["tree"], _bucket is null ? "s3://wire-bucket/data" : $"{_bucket.Url}/data", Ended.Value, AutoRelease.Value];

    public static async Task<WalkthroughRig> StartAsync(bool onS3, CancellationToken cancellationToken)
    {
        var directory = TempDirectory.Create();
        var tree = new TreeBuilder();
        for (var file = 1; file < Walkthrough.Entries; file++) tree.File($"file-{file}", size: 10, seed: (ulong)file);
        Directory.CreateDirectory(directory["tree"]);
        tree.MakeIn(directory["tree"]);
        var bucket = onS3 ? await (await RgwServer.GetAsync()).CreateBucketAsync(cancellationToken) : null;
        Directory.CreateDirectory(directory["data/buckets/wire-bucket"]);
        await File.WriteAllTextAsync(directory["sluice.json"], """{ "engine": { "concurrency": 1 } }""", cancellationToken);
        await SeedAsync(directory["data/catalog.db"], cancellationToken);
        var server = await SluiceServer.StartAsync(
            new()
            {
                DataDirectory = directory["data"],
                Arguments = ["--allow-root", directory.Path, "--config", directory["sluice.json"]],
                Environment = bucket?.Server.Environment ?? new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = null, ["AWS_ENDPOINT_URL"] = null },
            },
            cancellationToken);
        return new(directory, bucket, server);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_bucket is not null) await _bucket.DisposeAsync();
        await _directory.DisposeAsync();
    }

    private static async Task SeedAsync(string catalogFile, CancellationToken cancellationToken)
    {
        await using var catalog = SqliteCatalog.Open(catalogFile);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (index, id) in new[] { Ended, AutoRelease }.Index())
        {
            // Each in a file system of its own, which has no directory: nothing can run there.
            var fileSystem = new FileSystem
            {
                Id = FileSystemId.Parse($"fs-0000000000000000{index}"),
                Lifecycle = FileSystemLifecycle.Failed,
                RootPath = "/nonexistent",
                Adopted = true,
                Settings = "{}",
                CreationTime = now,
                Tags = [],
            };
            await catalog.TryAddFileSystemAsync(fileSystem, token: null, cancellationToken);
            await catalog.TryAddTaskAsync(
                new()
                {
                    Id = id,
                    FileSystemId = fileSystem.Id,
                    Type = id == AutoRelease ? TaskType.AutoRelease : TaskType.Export,
                    Lifecycle = TaskLifecycle.Pending,
                    Paths = [],
                    Report = new() { Enabled = false },
                    CreationTime = now,
                    Tags = [],
                },
                token: null,
                cancellationToken);
        }

        await catalog.ApplyAsync(Ended, TaskEvent.Start, new(now), cancellationToken);
        await catalog.ApplyAsync(Ended, TaskEvent.Succeed, new(now), cancellationToken);
    }
}
