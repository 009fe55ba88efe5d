using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Catalog;
using Sluice.Catalog.Sqlite;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine;
using Sluice.Engine.Guarding;
using Sluice.Engine.Movers;
using Sluice.Engine.Scheduling;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.Repositories.Directory;
using Sluice.TestKit;

namespace Sluice.SystemTests.Import;

/// <summary>The real engine in this process over one linked directory and a bucket: runs tasks, stops them, and runs them again as after a death.</summary>
internal sealed class ImportRig : IAsyncDisposable
{
    /// <summary>Prefix of the linked keys.</summary>
    public const string Prefix = "data/";

    private readonly TempDirectory _temp;
    private readonly SqliteCatalog _catalog;
    private readonly FileSystemId _fileSystem = new RandomIdSource().NewFileSystemId();

    private ImportRig(TempDirectory temp, string root, IObjectRepository bucket)
    {
        (_temp, Root, Bucket) = (temp, root, bucket);
        _catalog = SqliteCatalog.Open(temp["catalog"]);
        Guards = new FixedGuards(Guard);
    }

    /// <summary>Root of the file system.</summary>
    public string Root { get; }

    /// <summary>The bucket, without retries.</summary>
    public IObjectRepository Bucket { get; }

    /// <summary>What the engine sees of the bucket.</summary>
    public IObjectRepository Seen { get; set; } = null!;

    /// <summary>What guards the file system.</summary>
    public RecordingGuard Guard { get; } = new();

    /// <summary>Who says that it does.</summary>
    public IFileSystemGuards Guards { get; set; }

    /// <summary>How hard the engine works.</summary>
    public EngineOptions Options { get; set; } = null!;

    private string BucketName => Bucket.Bucket;

    /// <param name="root">Root of the file system; null for a new directory.</param>
    /// <param name="bucket">The bucket; null for one in a directory.</param>
    /// <param name="fileSystemPath">What is linked.</param>
    /// <param name="repositoryPrefix">To which keys.</param>
    public static async Task<ImportRig> StartAsync(
        string? root = null, IObjectRepository? bucket = null, string fileSystemPath = "/", string repositoryPrefix = Prefix)
    {
        Require.Root();
        var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["bucket"]);
        if (root is null) Directory.CreateDirectory(root = temp["tree"]);
        var rig = new ImportRig(temp, root, bucket ?? new DirectoryRepository(temp["bucket"], TimeProvider.System))
        {
            Options = new EngineOptions { WorkDirectory = temp["work"] },
        };
        Directory.CreateDirectory(temp["work"]);
        rig.Seen = rig.Bucket;
        await rig._catalog.TryAddFileSystemAsync(
            new FileSystem
            {
                Id = rig._fileSystem, Lifecycle = FileSystemLifecycle.Available, RootPath = root, Adopted = true, Settings = "{}", CreationTime = DateTimeOffset.UnixEpoch,
            },
            token: null,
            CancellationToken.None);
        await rig.LinkAsync(fileSystemPath, $"s3://{rig.BucketName}/{repositoryPrefix}");
        return rig;
    }

    /// <summary>Links another directory.</summary>
    public Task LinkAsync(string fileSystemPath, string repositoryPath) => _catalog.TryAddAssociationAsync(
        new DataRepositoryAssociation
        {
            Id = new RandomIdSource().NewAssociationId(),
            FileSystemId = _fileSystem,
            Lifecycle = AssociationLifecycle.Available,
            FileSystemPath = fileSystemPath,
            DataRepositoryPath = repositoryPath,
            BatchImportMetaDataOnCreate = false,
            ImportedFileChunkSizeMiB = 1024,
            CreationTime = DateTimeOffset.UnixEpoch,
        },
        token: null,
        CancellationToken.None);

    /// <summary>A path of the bucket's linked keys, for a task.</summary>
    public string Url(string path) => $"s3://{BucketName}/{Prefix}{path}";

    /// <summary>Stores an object.</summary>
    public Task<PutResult> PutAsync(string key, string content = "", params (string Name, string Value)[] metadata) =>
        PutAsync(key, Encoding.UTF8.GetBytes(content), metadata);

    /// <summary>Stores an object.</summary>
    public Task<PutResult> PutAsync(string key, byte[] content, params (string Name, string Value)[] metadata)
    {
        var user = metadata.ToDictionary(pair => pair.Name, pair => pair.Value);
        var put = new PutRequest { Key = Prefix + key, Content = content, Checksum = Crc64Nvme.Hash(content), Metadata = new ObjectMetadata { User = user } };
        return Bucket.PutAsync(put, StartPermit.Unrestricted, CancellationToken.None);
    }

    /// <summary>Imports and waits for the end.</summary>
    public async Task<RepositoryTask> ImportAsync(params IReadOnlyList<string> paths) => await RunAsync(await CreateAsync(TaskType.ImportMetadata, paths));

    /// <summary>Exports and waits for the end.</summary>
    public async Task<RepositoryTask> ExportAsync() => await RunAsync(await CreateAsync(TaskType.Export, []));

    /// <summary>Makes a task that waits to be run.</summary>
    public async Task<TaskId> CreateAsync(TaskType type, IReadOnlyList<string> paths)
    {
        var task = new RepositoryTask
        {
            Id = new RandomIdSource().NewTaskId(),
            FileSystemId = _fileSystem,
            Type = type,
            Lifecycle = TaskLifecycle.Pending,
            Paths = paths,
            Report = new CompletionReport { Enabled = true, Path = $"s3://{BucketName}/reports", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" },
            CreationTime = TimeProvider.System.GetUtcNow(),
        };
        await _catalog.TryAddTaskAsync(task, token: null, CancellationToken.None);
        return task.Id;
    }

    /// <summary>One life of a task, from wherever it stands.</summary>
    /// <param name="id">The task.</param>
    /// <param name="gate">Its gate, to cancel it by; null when it is not canceled.</param>
    /// <param name="stopping">Ends this life.</param>
    public async Task<RepositoryTask> RunAsync(TaskId id, StartGate? gate = null, CancellationToken stopping = default)
    {
        using var own = new StartGate();
        using var budget = new ByteBudget(Options.BufferBytes);
        var repositories = new FixedRepositories(Seen);
        var journal = new UploadJournal(_catalog, repositories, TimeProvider.System);
        using var restores = new RestoreCoordinator(repositories, Options);
        var executor = new TaskExecutor(_catalog, repositories, Guards, journal, budget, restores, Options, TimeProvider.System, NullLogger.Instance);
        await executor.ExecuteAsync(await FindAsync(id), gate ?? own, stopping);
        return await FindAsync(id);
    }

    /// <summary>Cancels a task as the server does.</summary>
    public async Task CancelAsync(TaskId id, StartGate? gate)
    {
        await _catalog.ApplyAsync(id, TaskEvent.Cancel, new TransitionDetails(TimeProvider.System.GetUtcNow()), CancellationToken.None);
        gate?.Close();
    }

    /// <summary>The task as the catalog has it.</summary>
    public async Task<RepositoryTask> FindAsync(TaskId id) => await _catalog.FindTaskAsync(id, CancellationToken.None) ?? throw new KeyNotFoundException(id.Value);

    /// <summary>The completion report of an import; empty when there is none.</summary>
    public async Task<string> ReportAsync(RepositoryTask task)
    {
        var key = $"reports/{task.Id}/{(task.Type == TaskType.ImportMetadata ? "report.csv" : "failures.csv")}";
        if (await Bucket.HeadAsync(key, CancellationToken.None) is null) return "";
        await using var content = await Bucket.GetAsync(key, 0, length: null, expectedETag: null, CancellationToken.None);
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _temp.DisposeAsync();
    }
}

/// <summary>One bucket for every name.</summary>
internal sealed class FixedRepositories(IObjectRepository repository) : IRepositoryResolver
{
    /// <inheritdoc/>
    public IObjectRepository Resolve(string bucket) => repository;
}
