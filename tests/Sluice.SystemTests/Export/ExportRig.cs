using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Protocol.SigV4;
using Sluice.Repositories;
using Sluice.Repositories.Directory;
using Sluice.TestKit;

namespace Sluice.SystemTests.Export;

/// <summary>
/// The real program in a process of its own over one linked file system and a bucket in a directory: exports through the API, looks at what
/// they made, and can be killed.
/// </summary>
internal sealed class ExportRig : IAsyncDisposable
{
    private const string Bucket = "export-bucket";
    private const string Prefix = "data/";

    private readonly TempDirectory _directory;
    private readonly HttpClient _http = new();
    private readonly Mount? _disk;
    private FsxClient? _client;
    private string _repositoryPath = $"s3://{Bucket}/{Prefix.TrimEnd('/')}";

    private ExportRig(TempDirectory directory, string? root, Mount? disk, SluiceServer server) =>
        (_directory, Root, _disk, Server) = (directory, root ?? directory["tree"], disk, server);

    public SluiceServer Server { get; }

    public string FileSystemId { get; private set; } = "";

    /// <summary>Root of the file system.</summary>
    public string Root { get; }

    /// <summary>Directory of the bucket.</summary>
    public string BucketPath => Path.Combine(Server.DataDirectory, "buckets", Bucket);

    /// <summary>The bucket, read without the server.</summary>
    public IObjectRepository Repository => new DirectoryRepository(BucketPath, TimeProvider.System);

    /// <param name="tree">What the file system holds at first.</param>
    /// <param name="concurrency">Files in flight; 1 makes exports slow enough to be interrupted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="diskBytes">Puts the server's data, with the bucket, on a disk of its own of this size.</param>
    /// <param name="dataParent">Puts them into a directory beneath this one.</param>
    /// <param name="root">Root of the file system; null for a directory of the rig's own.</param>
    /// <param name="environment">Variables for the server; null for none that name an endpoint.</param>
    /// <param name="buckets">Rules for buckets, as in the configuration file.</param>
    /// <param name="repositoryPath">What is linked; null for the bucket in a directory.</param>
    public static async Task<ExportRig> StartAsync(
        TreeBuilder tree, int concurrency, CancellationToken cancellationToken, long? diskBytes = null, string? dataParent = null, string? root = null,
        IReadOnlyDictionary<string, string?>? environment = null, string buckets = "[]", string? repositoryPath = null)
    {
        var directory = TempDirectory.Create();
        if (root is null) Directory.CreateDirectory(directory["tree"]);
        tree.MakeIn(root ?? directory["tree"]);
        var data = dataParent is null ? directory["data"] : Path.Combine(dataParent, "data");
        Directory.CreateDirectory(data);
        var disk = diskBytes is null ? null : await Mount.TmpfsAsync(data, diskBytes);
        Directory.CreateDirectory(Path.Combine(data, "buckets", Bucket));
        await File.WriteAllTextAsync(directory["sluice.json"], $$"""{ "engine": { "concurrency": {{concurrency}} }, "buckets": {{buckets}} }""", cancellationToken);
        var server = await SluiceServer.StartAsync(
            new()
            {
                DataDirectory = data,
                Arguments = ["--allow-root", root ?? directory.Path, "--config", directory["sluice.json"]],
                Environment = environment ?? new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = null, ["AWS_ENDPOINT_URL"] = null },
            },
            cancellationToken);
        var rig = new ExportRig(directory, root, disk, server);
        rig.Connect();
        rig._repositoryPath = repositoryPath ?? rig._repositoryPath;
        await rig.LinkAsync(cancellationToken);
        return rig;
    }

    /// <summary>After the server was started again: its address is another one.</summary>
    public void Connect()
    {
        var keys = new SigningCredentials { AccessKeyId = Server.Credentials.AccessKeyId, SecretAccessKey = Server.Credentials.SecretAccessKey };
        _client = new FsxClient(_http, new Uri(Server.Url), new SigV4Signer(keys, "us-east-1", "fsx", TimeProvider.System), TimeProvider.System);
    }

    /// <summary>Starts an export of these paths, of everything when there are none.</summary>
    public async Task<string> BeginAsync(CancellationToken cancellationToken, params IReadOnlyList<string> paths)
    {
        var request = new CreateDataRepositoryTaskRequest
        {
            Type = "EXPORT_TO_REPOSITORY",
            FileSystemId = FileSystemId,
            Paths = paths,
            Report = new() { Enabled = true, Path = $"{_repositoryPath}/.reports", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" },
        };
        return (await _client!.SendAsync(FsxOperations.CreateDataRepositoryTask, request, cancellationToken)).DataRepositoryTask!.TaskId!;
    }

    /// <summary>Exports and waits for the end.</summary>
    public async Task<DataRepositoryTask> ExportAsync(CancellationToken cancellationToken, params IReadOnlyList<string> paths) =>
        await EndAsync(await BeginAsync(cancellationToken, paths), cancellationToken);

    public async Task<string> CancelAsync(string taskId, CancellationToken cancellationToken) =>
        (await _client!.SendAsync(FsxOperations.CancelDataRepositoryTask, new() { TaskId = taskId }, cancellationToken)).Lifecycle!;

    public Task<DataRepositoryTask> EndAsync(string taskId, CancellationToken cancellationToken) =>
        UntilAsync(taskId, task => task.EndTime is not null, cancellationToken);

    /// <summary>Waits until no task is under way, whoever began it.</summary>
    public async Task EndAllAsync(CancellationToken cancellationToken)
    {
        for (string? page = null; ;)
        {
            var listed = await _client!.SendAsync(FsxOperations.DescribeDataRepositoryTasks, new() { NextToken = page }, cancellationToken);
            foreach (var task in listed.DataRepositoryTasks!.Where(task => task.EndTime is null)) await EndAsync(task.TaskId!, cancellationToken);
            if ((page = listed.NextToken) is null) return;
        }
    }

    /// <summary>Waits, as clients do, until the task is as wanted.</summary>
    public async Task<DataRepositoryTask> UntilAsync(string taskId, Func<DataRepositoryTask, bool> wanted, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Hang.Limit);
        while (true)
        {
            var described = await _client!.SendAsync(FsxOperations.DescribeDataRepositoryTasks, new() { TaskIds = [taskId] }, limit.Token);
            if (wanted(described.DataRepositoryTasks![0])) return described.DataRepositoryTasks[0];
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Keys of the exported objects, without the prefix and without reports.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken) =>
        await Repository.ListAsync(Prefix, startAfter: null, cancellationToken)
            .Select(item => item.Key[Prefix.Length..])
            .Where(key => !key.StartsWith(".reports/", StringComparison.Ordinal))
            .ToListAsync(cancellationToken);

    public async Task<ObjectHead> HeadAsync(string key, CancellationToken cancellationToken) =>
        await Repository.HeadAsync(Prefix + key, cancellationToken) ?? throw new KeyNotFoundException($"There is no object '{key}'.");

    public Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken) => Repository.ReadAsync(Prefix + key, cancellationToken);

    /// <summary>The completion report of a task.</summary>
    public async Task<string> ReportAsync(DataRepositoryTask task, CancellationToken cancellationToken) =>
        System.Text.Encoding.UTF8.GetString(await ReadAsync($".reports/{task.TaskId}/failures.csv", cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
        if (_disk is not null) await _disk.DisposeAsync();
        await _directory.DisposeAsync();
    }

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
        FileSystemId = (await _client!.SendAsync(FsxOperations.CreateFileSystem, create, cancellationToken)).FileSystem!.FileSystemId!;
        var link = new CreateDataRepositoryAssociationRequest
        {
            FileSystemId = FileSystemId, FileSystemPath = "/", DataRepositoryPath = _repositoryPath,
        };
        var id = (await _client.SendAsync(FsxOperations.CreateDataRepositoryAssociation, link, cancellationToken)).Association!.AssociationId!;
        while (true)
        {
            var described = await _client.SendAsync(FsxOperations.DescribeDataRepositoryAssociations, new() { AssociationIds = [id] }, cancellationToken);
            if (described.Associations![0].Lifecycle == "AVAILABLE") return;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        }
    }
}
