using Sluice.Catalog;
using Sluice.Catalog.Sqlite;
using Sluice.Core.Ids;
using Sluice.Engine.Guarding;
using Sluice.Engine.Scheduling;
using Sluice.Protocol.Shapes;
using Sluice.Repositories.Resolving;
using Sluice.Server;
using Sluice.Server.Lifecycles;
using Sluice.Server.Operations;
using Sluice.TestKit;
using CatalogFileSystem = Sluice.Core.FileSystems.FileSystem;

namespace Sluice.UnitTests.Server;

/// <summary>The operations over a real catalog, with nothing behind them that would bring what they store any further.</summary>
internal sealed class OperationsRig : IAsyncDisposable
{
    public const string FileSystemId = "fs-00000000000000001";

    private static readonly RandomIdSource Ids = new();

    private readonly TempDirectory _temp = TempDirectory.Create();
    private readonly Additions _additions;

    private OperationsRig()
    {
        Directory.CreateDirectory(_temp["buckets/bucket"]);
        Directory.CreateDirectory(Root);
        Stored = SqliteCatalog.Open(_temp["catalog.db"]);
        var (catalog, control) = InterposedCatalog.Around(Stored);
        Catalog = control;
        Directory.CreateDirectory(_temp["data"]);
        var options = new ServerOptions { DataDirectory = _temp["data"], AllowRoots = [_temp.Path] };
        var repositories = new RepositoryResolver(new RepositoryOptions { DefaultDirectory = _temp["buckets"] }, TimeProvider.System);
        var guards = new GuardChecks(new NoGuards("none here"));
        var idempotency = new Idempotency(catalog, TimeProvider.System);
        var resources = new ResourceSignals();
        var arns = new Arns(options);
        _additions = new Additions(idempotency);
        FileSystems = new(
            catalog, resources, new RootDirectories(catalog, options), idempotency, _additions, new FileSystemShapes(arns, options), Ids, TimeProvider.System);
        Associations = new(
            catalog, repositories, guards, resources, idempotency, _additions, new AssociationShapes(arns), Ids, TimeProvider.System);
        Tasks = new(
            catalog, new TaskAdmission(catalog, guards, options), new TaskSignals(), idempotency, _additions, new TaskShapes(arns), Ids, TimeProvider.System);
        Tags = new(catalog, arns);
    }

    /// <summary>A directory that may be adopted.</summary>
    public string Root => _temp["root"];

    /// <summary>The catalog itself, for what others do.</summary>
    public ICatalog Stored { get; }

    /// <summary>What happens before the operations' calls of it.</summary>
    public InterposedCatalog Catalog { get; }

    public FileSystemOperations FileSystems { get; }

    public AssociationOperations Associations { get; }

    public TaskOperations Tasks { get; }

    public TagOperations Tags { get; }

    /// <summary>One with an AVAILABLE file system.</summary>
    public static async Task<OperationsRig> CreateAsync(CancellationToken cancellationToken)
    {
        var rig = new OperationsRig();
        var fileSystem = new CatalogFileSystem
        {
            Id = Sluice.Core.Ids.FileSystemId.Parse(FileSystemId),
            Lifecycle = Sluice.Core.FileSystems.FileSystemLifecycle.Available,
            RootPath = "/srv/files",
            Adopted = true,
            Settings = FileSystemShapes.WriteSettings(new FileSystem { LustreConfiguration = new() { DeploymentType = "PERSISTENT_2" } }),
            CreationTime = DateTimeOffset.UnixEpoch,
        };
        await rig.Stored.TryAddFileSystemAsync(fileSystem, token: null, cancellationToken);
        return rig;
    }

    /// <summary>The context of a request whose members are always the same.</summary>
    public static RequestContext Context(string operation) => new(operation, "{}", new Dictionary<string, string>());

    /// <summary>A link of <paramref name="path"/> to the prefix <c>prefix</c>.</summary>
    public Task<CreateDataRepositoryAssociationResponse> LinkAsync(string path, string? token, CancellationToken cancellationToken) => Associations.CreateAsync(
        new() { FileSystemId = FileSystemId, FileSystemPath = path, DataRepositoryPath = "s3://bucket/prefix", ClientRequestToken = token },
        Context("CreateDataRepositoryAssociation"),
        cancellationToken);

    /// <summary>An AVAILABLE link of <c>/linked</c>, so that exports are accepted.</summary>
    public async Task LinkAvailableAsync()
    {
        var link = new Sluice.Core.Associations.DataRepositoryAssociation
        {
            Id = Ids.NewAssociationId(),
            FileSystemId = Sluice.Core.Ids.FileSystemId.Parse(FileSystemId),
            Lifecycle = Sluice.Core.Associations.AssociationLifecycle.Available,
            FileSystemPath = "/linked",
            DataRepositoryPath = "s3://bucket/linked",
            BatchImportMetaDataOnCreate = false,
            ImportedFileChunkSizeMiB = 1024,
            CreationTime = DateTimeOffset.UnixEpoch,
        };
        await Stored.TryAddAssociationAsync(link, token: null, CancellationToken.None);
    }

    /// <summary>An export of everything.</summary>
    public Task<CreateDataRepositoryTaskResponse> ExportAsync(string? token, CancellationToken cancellationToken) => Tasks.CreateAsync(
        new() { FileSystemId = FileSystemId, Type = "EXPORT_TO_REPOSITORY", Report = new() { Enabled = false }, ClientRequestToken = token },
        Context("CreateDataRepositoryTask"),
        cancellationToken);

    /// <summary>A file system over <see cref="Root"/>.</summary>
    public Task<CreateFileSystemResponse> AdoptAsync(string? token, CancellationToken cancellationToken) => FileSystems.CreateAsync(
        new()
        {
            FileSystemType = "LUSTRE", SubnetIds = ["subnet-0123456789abcdef0"], StorageCapacity = 1200, ClientRequestToken = token,
            LustreConfiguration = new() { DeploymentType = "PERSISTENT_2", PerUnitStorageThroughput = 125 },
            Tags = [new() { Key = RootDirectories.Tag, Value = Root }],
        },
        Context("CreateFileSystem"),
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _additions.Dispose();
        await Stored.DisposeAsync();
        await _temp.DisposeAsync();
    }
}
