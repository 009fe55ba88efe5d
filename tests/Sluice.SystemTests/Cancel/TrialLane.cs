using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.Engine;
using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Protocol.SigV4;
using Sluice.Repositories;
using Sluice.Repositories.Resolving;
using Sluice.Server;
using Sluice.Server.Security;
using Sluice.TestKit;
using RealServer = Sluice.Server.SluiceServer;

namespace Sluice.SystemTests.Cancel;

/// <summary>
/// A server with one linked file system for trials that follow one another: the real server and engine in this process, a real bucket, and
/// a proxy between them that logs. Several lanes run side by side.
/// </summary>
internal sealed class TrialLane : IAsyncDisposable
{
    /// <summary>Prefix of the linked keys.</summary>
    public const string Prefix = "lane/";

    private readonly TempDirectory _directory;
    private readonly RealServer _server;
    private readonly HttpClient _http;
    private readonly FsxClient _client;

    private TrialLane(TempDirectory directory, RgwBucket bucket, S3Proxy proxy, RealServer server, HttpClient http, FsxClient client) =>
        (_directory, Bucket, Proxy, _server, _http, _client) = (directory, bucket, proxy, server, http, client);

    public RgwBucket Bucket { get; }

    public S3Proxy Proxy { get; }

    public string FileSystemId { get; private set; } = "";

    /// <summary>Root of the file system.</summary>
    public string Root => _directory["tree"];

    public static async Task<TrialLane> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var rgw = await RgwServer.GetAsync();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", rgw.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", rgw.SecretKey);
        var random = new Random(seed);
        var directory = TempDirectory.Create();
        Directory.CreateDirectory(directory["tree"]);
        var bucket = await rgw.CreateBucketAsync(cancellationToken);
        var proxy = rgw.StartProxy();
        var data = directory["data"];
        var server = await RealServer.StartAsync(Settings(data, directory.Path, proxy.Endpoint, random), NoLogging, cancellationToken);
        var keys = CredentialsFile.Load(CredentialsFile.PathIn(data));
        var http = new HttpClient();
        var signer = new SigV4Signer(
            new SigningCredentials { AccessKeyId = keys.AccessKeyId, SecretAccessKey = keys.SecretAccessKey }, "us-east-1", "fsx", TimeProvider.System);
        var lane = new TrialLane(directory, bucket, proxy, server, http, new FsxClient(http, new Uri(server.Url), signer, TimeProvider.System));
        await lane.LinkAsync(cancellationToken);
        return lane;
    }

    /// <summary>Starts an export of one directory of the file system.</summary>
    public async Task<string> ExportAsync(string path, bool hasReport, CancellationToken cancellationToken)
    {
        var request = new CreateDataRepositoryTaskRequest
        {
            Type = "EXPORT_TO_REPOSITORY",
            FileSystemId = FileSystemId,
            Paths = [path],
            Report = hasReport
                ? new() { Enabled = true, Path = $"{Bucket.Url}/{Prefix}reports", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" }
                : new() { Enabled = false },
        };
        return (await _client.SendAsync(FsxOperations.CreateDataRepositoryTask, request, cancellationToken)).DataRepositoryTask!.TaskId!;
    }

    /// <summary>Cancels; answers the lifecycle, or the code of the refusal.</summary>
    public async Task<string> CancelAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            var request = new CancelDataRepositoryTaskRequest { TaskId = taskId };
            return (await _client.SendAsync(FsxOperations.CancelDataRepositoryTask, request, cancellationToken)).Lifecycle!;
        }
        catch (FsxClientException e)
        {
            return e.Code;
        }
    }

    public async Task<DataRepositoryTask> DescribeAsync(string taskId, CancellationToken cancellationToken) =>
        (await _client.SendAsync(
            FsxOperations.DescribeDataRepositoryTasks, new DescribeDataRepositoryTasksRequest { TaskIds = [taskId] }, cancellationToken)).DataRepositoryTasks![0];

    /// <summary>Waits for the task's end by asking, as clients do.</summary>
    public async Task<DataRepositoryTask> EndAsync(string taskId, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var task = await DescribeAsync(taskId, limit.Token);
            if (task.Lifecycle is "SUCCEEDED" or "FAILED" or "CANCELED") return task;
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        await Proxy.DisposeAsync();
        await Bucket.DisposeAsync();
        await _directory.DisposeAsync();
    }

    private static ServerSettings Settings(string data, string allowed, string endpoint, Random random) => new()
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Server = new ServerOptions { DataDirectory = data, AllowRoots = [allowed] },
        Repositories = new RepositoryOptions
        {
            DefaultDirectory = Path.Combine(data, "buckets"),
            S3 = new S3Endpoint { Url = endpoint, Region = "us-east-1" },
            Retry = new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(50) },
        },
        Engine = new EngineOptions
        {
            WorkDirectory = Path.Combine(data, "tasks"),
            Concurrency = random.Next(1, 33),
            MultipartThresholdBytes = 5 << 20,
            PartSizeBytes = 5 << 20,
            ProgressInterval = TimeSpan.FromMilliseconds(random.Next(1, 50)),
        },
    };

    private static void NoLogging(ILoggingBuilder logging) => logging.SetMinimumLevel(LogLevel.None);

    private async Task LinkAsync(CancellationToken cancellationToken)
    {
        var create = new CreateFileSystemRequest
        {
            FileSystemType = "LUSTRE",
            FileSystemTypeVersion = "2.15",
            StorageCapacity = 1200,
            SubnetIds = ["subnet-00000000000000000"],
            LustreConfiguration = new() { DeploymentType = "SCRATCH_2" },
            Tags = [new Tag { Key = "sluice:root", Value = Root }],
        };
        FileSystemId = (await _client.SendAsync(FsxOperations.CreateFileSystem, create, cancellationToken)).FileSystem!.FileSystemId!;
        var link = new CreateDataRepositoryAssociationRequest
        {
            FileSystemId = FileSystemId, FileSystemPath = "/", DataRepositoryPath = $"{Bucket.Url}/{Prefix.TrimEnd('/')}",
        };
        var id = (await _client.SendAsync(FsxOperations.CreateDataRepositoryAssociation, link, cancellationToken)).Association!.AssociationId!;
        var describe = new DescribeDataRepositoryAssociationsRequest { AssociationIds = [id] };
        while ((await _client.SendAsync(FsxOperations.DescribeDataRepositoryAssociations, describe, cancellationToken)).Associations![0].Lifecycle != "AVAILABLE")
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
    }
}
