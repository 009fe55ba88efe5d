using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Configuration;
using Sluice.CommandLine.Output;
using Sluice.Hydrator.Holding;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Repositories.Resolving;
using Sluice.Server;

namespace Sluice.CommandLine.Demo;

/// <summary>The demo's server, in this process on a free port of loopback, and what the demo asks it through its API.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    /// <summary>Name of the bucket.</summary>
    public const string Bucket = "demo-bucket";

    /// <summary>Prefix in the bucket.</summary>
    public const string Prefix = "project";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CommandContext _context;
    private readonly SluiceServer _server;
    private readonly ServerClient _client;
    private readonly RepositoryOptions _repositories;
    private readonly string _data;

    private DemoServer(CommandContext context, SluiceServer server, ServerClient client, RepositoryOptions repositories, string data) =>
        (_context, _server, _client, _repositories, _data) = (context, server, client, repositories, data);

    /// <summary>Where it answers.</summary>
    public string Url => _server.Url;

    /// <summary>Whether every file has its data, so that nobody needs to guard them when the server is gone.</summary>
    public bool IsEverythingBack { get; set; } = true;

    /// <summary>Starts it on <paramref name="data"/>, with directories as buckets whatever the environment says.</summary>
    public static async Task<DemoServer> StartAsync(CommandContext context, string data, string allowRoot, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(data, "buckets", Bucket));
        var settings = SettingsFactory.Make(context, new ConfigurationFile(), data, new IPEndPoint(IPAddress.Loopback, 0), s3Endpoint: null, [allowRoot],
            guardShared: true, noHydrator: false);
        var repositories = new RepositoryOptions { DefaultDirectory = Path.Combine(data, "buckets") };

        // Only files of the demo's own tree are ever marked.
        settings = settings with { Repositories = repositories, Engine = settings.Engine with { ProgressInterval = Interval, Concurrency = 4 } };
        var server = await SluiceServer.StartAsync(settings, logging => logging.SetMinimumLevel(LogLevel.None), cancellationToken);
        var client = new ServerClient(new Uri(server.Url), ServerKeys.Find(context, data, profile: null), settings.Server.Region, context.Time);
        return new DemoServer(context, server, client, repositories, data);
    }

    /// <summary>CreateFileSystem over a directory.</summary>
    public async Task<string> CreateFileSystemAsync(string root, CancellationToken cancellationToken)
    {
        var request = FileSystemRequests.Create(root, FileSystemRequests.DefaultCapacityGiB, tags: null);
        return (await _client.SendAsync(FsxOperations.CreateFileSystem, request, cancellationToken)).FileSystem!.FileSystemId!;
    }

    /// <summary>CreateDataRepositoryAssociation of all of a file system with the bucket; returns when it is AVAILABLE.</summary>
    public async Task<string> LinkAsync(string fileSystemId, CancellationToken cancellationToken)
    {
        var request = new CreateDataRepositoryAssociationRequest
        {
            ClientRequestToken = Tokens.New(), FileSystemId = fileSystemId, FileSystemPath = "/", DataRepositoryPath = $"s3://{Bucket}/{Prefix}",
        };
        var id = (await _client.SendAsync(FsxOperations.CreateDataRepositoryAssociation, request, cancellationToken)).Association!.AssociationId!;
        while (true)
        {
            var described = await _client.SendAsync(
                FsxOperations.DescribeDataRepositoryAssociations, new DescribeDataRepositoryAssociationsRequest { AssociationIds = [id] }, cancellationToken);
            switch (described.Associations![0])
            {
                case { Lifecycle: "AVAILABLE" }:
                    return id;
                case { Lifecycle: "MISCONFIGURED" or "FAILED" } broken:
                    throw new IOException($"The association is {broken.Lifecycle}: {broken.FailureDetails?.Message}");
                default:
                    await Task.Delay(Interval, _context.Time, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>CreateDataRepositoryTask of an export of everything, with a completion report.</summary>
    public async Task<string> StartExportAsync(string fileSystemId, CancellationToken cancellationToken)
    {
        var request = new CreateDataRepositoryTaskRequest
        {
            ClientRequestToken = Tokens.New(),
            Type = "EXPORT_TO_REPOSITORY",
            FileSystemId = fileSystemId,
            Report = new CompletionReport
            {
                Enabled = true, Path = $"s3://{Bucket}/{Prefix}/reports", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY",
            },
        };
        return (await _client.SendAsync(FsxOperations.CreateDataRepositoryTask, request, cancellationToken)).DataRepositoryTask!.TaskId!;
    }

    /// <summary>CreateDataRepositoryTask of a release of everything.</summary>
    /// <exception cref="Protocol.Client.FsxClientException">UnsupportedOperation: files without their data can't be guarded here.</exception>
    public async Task<string> StartReleaseAsync(string fileSystemId, CancellationToken cancellationToken) =>
        (await TaskRequests.CreateAsync(_client, TaskRequests.Release(fileSystemId, paths: null, olderThanDays: 0), cancellationToken)).TaskId!;

    /// <summary>CreateRestoreTask of everything.</summary>
    public async Task<string> StartRestoreAsync(string fileSystemId, CancellationToken cancellationToken) =>
        (await TaskRequests.RestoreAsync(_client, fileSystemId, paths: null, cancellationToken)).TaskId!;

    /// <summary>Follows a task with live progress until it ends or <paramref name="until"/> holds.</summary>
    public async Task<DataRepositoryTask> FollowAsync(string taskId, Func<ProgressSample, bool> until, CancellationToken cancellationToken)
    {
        var watcher = new TaskWatcher(_context, _client);
        var line = new ProgressLine(_context);
        try
        {
            while (true)
            {
                var task = await TaskDescriptions.FindAsync(_client, taskId, cancellationToken);
                var sample = watcher.SampleOf(task);
                line.Show(sample);
                if (task.EndTime is not null || until(sample)) return task;
                await Task.Delay(Interval, _context.Time, cancellationToken);
            }
        }
        finally
        {
            line.Leave();
        }
    }

    /// <summary>CancelDataRepositoryTask.</summary>
    /// <returns>The lifecycle it answered.</returns>
    public async Task<string> CancelAsync(string taskId, CancellationToken cancellationToken) =>
        (await _client.SendAsync(FsxOperations.CancelDataRepositoryTask, new CancelDataRepositoryTaskRequest { TaskId = taskId }, cancellationToken)).Lifecycle!;

    /// <summary>Objects in the bucket, without the reports.</summary>
    public async Task<long> CountObjectsAsync(CancellationToken cancellationToken)
    {
        using var resolver = new RepositoryResolver(_repositories, _context.Time);
        return await resolver.Resolve(Bucket).ListAsync($"{Prefix}/", startAfter: null, cancellationToken)
            .CountAsync(item => !item.Key.StartsWith($"{Prefix}/reports/", StringComparison.Ordinal), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();

        // Nobody waits for anything any more.
        if (IsEverythingBack) Holder.Forget(_data);
    }
}
