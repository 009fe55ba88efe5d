using Sluice.Protocol.Shapes;
using Sluice.TestKit;

namespace Sluice.SystemTests.Hydration;

/// <summary>The real program over a guarded disk of its own: exports, releases and imports through the API, as any client does.</summary>
internal sealed class HydrationRig : IAsyncDisposable
{
    private HydrationRig(GuardedDisk disk, SluiceServer server)
    {
        (Disk, Server) = (disk, server);
        Client = new TaskClient(server.Url, server.Credentials.AccessKeyId, server.Credentials.SecretAccessKey);
    }

    public GuardedDisk Disk { get; }

    public SluiceServer Server { get; }

    public TaskClient Client { get; }

    /// <summary>The bucket, where it is the one in a directory.</summary>
    public string BucketDirectory => BucketIn(Disk);

    /// <summary>Root of the file system.</summary>
    public string Root => Disk.Root;

    public static Task<HydrationRig> StartAsync(string kind, CancellationToken cancellationToken) =>
        StartAsync(new HydrationOptions { Kind = kind }, cancellationToken);

    public static async Task<HydrationRig> StartAsync(HydrationOptions options, CancellationToken cancellationToken)
    {
        var disk = await GuardedDisk.CreateAsync(options.Kind, cancellationToken, options.ImageFolder);
        SluiceServer? server = null;
        try
        {
            Directory.CreateDirectory(BucketIn(disk));
            var settings = Path.Combine(disk.DataDirectory, "settings.json");
            await File.WriteAllTextAsync(settings, $$"""{ "engine": { "concurrency": {{options.Concurrency}} } }""", cancellationToken);
            server = await SluiceServer.StartAsync(
                new()
                {
                    DataDirectory = disk.DataDirectory,
                    Arguments = ["--allow-root", disk.Root, "--config", settings, .. options.HasHydrator ? Array.Empty<string>() : ["--no-hydrator"]],
                    Environment = options.Environment,
                },
                cancellationToken);
            var rig = new HydrationRig(disk, server);
            await rig.Client.LinkAsync(disk.Root, options.RepositoryPath, cancellationToken);
            return rig;
        }
        catch
        {
            if (server is not null) await server.DisposeAsync();
            await disk.DisposeAsync();
            throw;
        }
    }

    public Task<DataRepositoryTask> ExportAsync(CancellationToken cancellationToken, params IReadOnlyList<string> paths) =>
        Client.RunAsync(TaskTypes.Export, paths, cancellationToken);

    public Task<DataRepositoryTask> ImportAsync(CancellationToken cancellationToken, params IReadOnlyList<string> paths) =>
        Client.RunAsync(TaskTypes.Import, paths, cancellationToken);

    /// <summary>Releases whatever can be, of any age.</summary>
    public Task<DataRepositoryTask> ReleaseAsync(CancellationToken cancellationToken, params IReadOnlyList<string> paths) =>
        Client.RunAsync(TaskTypes.Release, paths, cancellationToken);

    /// <summary>Export and release of everything beneath <paramref name="paths"/>, which must succeed.</summary>
    public async Task ExportAndReleaseAsync(CancellationToken cancellationToken, params IReadOnlyList<string> paths)
    {
        foreach (var type in new[] { TaskTypes.Export, TaskTypes.Release })
        {
            var task = await Client.RunAsync(type, paths, cancellationToken);
            if (task.Lifecycle != "SUCCEEDED")
                throw new InvalidOperationException($"{type} ended {task.Lifecycle}, {task.Status?.FailedCount} failed: {task.FailureDetails?.Message}");
        }
    }

    /// <summary>Stops the server, unmounts the disk, mounts it again and starts the server. Its address is another one then.</summary>
    /// <param name="meanwhile">Called while the disk is not mounted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RestartAsync(Action meanwhile, CancellationToken cancellationToken)
    {
        await Server.StopAsync(cancellationToken);
        (await Disk.UnmountAsync(cancellationToken)).EnsureSuccess();
        meanwhile();
        (await Disk.MountAsync(cancellationToken)).EnsureSuccess();
        await Server.StartAsync(cancellationToken);
    }

    /// <summary>The end of what the server has logged, to be told with a failure.</summary>
    public string Log => string.Join('\n', Server.Process.OutputLines.Concat(Server.Process.ErrorLines).TakeLast(40));

    private static string BucketIn(GuardedDisk disk) => Path.Combine(disk.DataDirectory, "buckets", "hydration-bucket");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Disk.DisposeAsync();
    }
}
