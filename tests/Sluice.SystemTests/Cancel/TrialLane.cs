using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.Engine;
using Sluice.Hydrator;
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

    private TrialLane(TempDirectory directory, RgwBucket bucket, S3Proxy proxy, RealServer server, TaskClient client) =>
        (_directory, Bucket, Proxy, _server, Client) = (directory, bucket, proxy, server, client);

    public RgwBucket Bucket { get; }

    public S3Proxy Proxy { get; }

    public TaskClient Client { get; }

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
        var lane = new TrialLane(directory, bucket, proxy, server, new TaskClient(server.Url, keys.AccessKeyId, keys.SecretAccessKey));
        await lane.Client.LinkAsync(lane.Root, $"{bucket.Url}/{Prefix.TrimEnd('/')}", cancellationToken);
        return lane;
    }

    /// <summary>Starts an export of one directory of the file system.</summary>
    public Task<string> ExportAsync(string path, bool hasReport, CancellationToken cancellationToken) =>
        Client.CreateAsync(TaskTypes.Export, [path], hasReport ? $"{Bucket.Url}/{Prefix}reports" : null, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Client.Dispose();
        await Proxy.DisposeAsync();
        await Bucket.DisposeAsync();
        await _directory.DisposeAsync();
    }

    private static ServerSettings Settings(string data, string allowed, string endpoint, Random random) => new()
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Server = new ServerOptions { DataDirectory = data, AllowRoots = [allowed] },
        Hydrator = new HydratorOptions { DataDirectory = data },
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
}
