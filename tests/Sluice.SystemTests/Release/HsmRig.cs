using Sluice.Catalog.Sqlite;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine;
using Sluice.Engine.Ledger;
using Sluice.Engine.Movers;
using Sluice.Engine.Scheduling;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Directory;
using Sluice.SystemTests.Import;
using Sluice.TestKit;

namespace Sluice.SystemTests.Release;

/// <summary>The engine over a real file system in an image, linked to a bucket: runs tasks to their end, one after the other.</summary>
internal sealed class HsmRig : IAsyncDisposable, IRepositoryResolver
{
    private const string BucketName = "hsm-bucket";

    private readonly DiskImage _disk;
    private readonly TempDirectory _directory;
    private readonly string _root;
    private readonly SqliteCatalog _catalog;
    private readonly RandomIdSource _ids = new();
    private readonly FileSystem _fileSystem;

    private HsmRig(DiskImage disk, TempDirectory directory, IObjectRepository? bucket, string folder, Func<EngineOptions, EngineOptions> adjust)
    {
        (_disk, _directory, _root) = (disk, directory, Path.Combine(disk.Root, folder));
        Directory.CreateDirectory(_root);
        Directory.CreateDirectory(BucketPath);
        (Bucket, Counter) = CountedRepository.Around(bucket ?? new DirectoryRepository(BucketPath, TimeProvider.System));
        Options = adjust(new EngineOptions
        {
            WorkDirectory = directory["work"], KeepFailures = true, MultipartThresholdBytes = 5 << 20, PartSizeBytes = 5 << 20, RangeBytes = 1 << 20,
        });
        Directory.CreateDirectory(Options.WorkDirectory);
        _catalog = SqliteCatalog.Open(directory["catalog.db"]);
        _fileSystem = new FileSystem
        {
            Id = _ids.NewFileSystemId(), Lifecycle = FileSystemLifecycle.Available, RootPath = _root, Adopted = true, Settings = "{}",
            CreationTime = TimeProvider.System.GetUtcNow(),
        };
        Restores = new RestoreCoordinator(this, Options);
        Files = FileSystemCalls.OpenRoot(_root);
        Ledger = LedgerStore.Probe(Files);
    }

    public EngineOptions Options { get; }

    public TaskLog Log { get; } = new();

    /// <summary>The clock by which the journal of uploads waits.</summary>
    public TimeProvider JournalTime { get; set; } = TimeProvider.System;

    public CallGuard Guard { get; } = new();

    /// <summary>Whether the file system is guarded.</summary>
    public bool IsGuarded { get; set; } = true;

    public IObjectRepository Bucket { get; }

    public CountedRepository Counter { get; }

    public RestoreCoordinator Restores { get; }

    public LedgerStore Ledger { get; }

    /// <summary>Root of the file system.</summary>
    public Fd Files { get; private set; }

    /// <summary>Directory of the bucket.</summary>
    public string BucketPath => _directory[BucketName];

    /// <summary>The task that ran last.</summary>
    public RepositoryTask? Last { get; private set; }

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    /// <summary>Absolute path of an entry.</summary>
    public string this[string name] => Path.Combine(_root, name);

    /// <param name="kind">ext4, xfs or btrfs.</param>
    /// <param name="bucket">The bucket; null for one in a directory.</param>
    /// <param name="folder">The directory of the image that is the file system's root; empty for all of it.</param>
    /// <param name="adjust">Other options for the engine.</param>
    public static async Task<HsmRig> CreateAsync(
        string kind = "ext4", IObjectRepository? bucket = null, string folder = "", Func<EngineOptions, EngineOptions>? adjust = null)
    {
        var disk = await DiskImage.CreateAsync(kind);
        var rig = new HsmRig(disk, TempDirectory.Create(), bucket, folder, adjust ?? (options => options));
        await rig._catalog.TryAddFileSystemAsync(rig._fileSystem, token: null, Cancellation);
        await rig._catalog.TryAddAssociationAsync(
            new DataRepositoryAssociation
            {
                Id = rig._ids.NewAssociationId(), FileSystemId = rig._fileSystem.Id, Lifecycle = AssociationLifecycle.Available, FileSystemPath = "/",
                DataRepositoryPath = $"s3://{rig.Bucket.Bucket}/data", BatchImportMetaDataOnCreate = false,
                ImportedFileChunkSizeMiB = 1024, CreationTime = TimeProvider.System.GetUtcNow(),
            },
            token: null, Cancellation);

        // What a new file system has in it: its root, lost+found.
        await rig.ExportAsync();
        return rig;
    }

    public IObjectRepository Resolve(string bucket) => bucket == Bucket.Bucket
        ? Bucket
        : throw new RepositoryException(RepositoryErrorCode.BucketNotFound, $"There is no bucket '{bucket}'.", isTransient: false);

    /// <summary>Key of an entry's object.</summary>
    public static string Key(string name) => $"data/{name}";

    public Task<RepositoryTask> ExportAsync(params IReadOnlyList<string> paths) => RunAsync(TaskType.Export, paths: paths);

    public Task<RepositoryTask> ReleaseAsync(params IReadOnlyList<string> paths) => RunAsync(TaskType.Release, paths: paths);

    /// <summary>Makes a file, exports it and releases it.</summary>
    public async Task<byte[]> MakeReleasedAsync(string name, int size = 100_000)
    {
        var content = TestContent.Bytes(seed: 7, size);
        await File.WriteAllBytesAsync(this[name], content, Cancellation);
        await ExportAsync(name);
        await ReleaseAsync(name);
        Xunit.Assert.Equal(1, Last!.Progress!.Value.SucceededCount);
        return content;
    }

    /// <summary>Runs a task to its end; without <paramref name="reportPath"/> it has no report.</summary>
    public async Task<RepositoryTask> RunAsync(
        TaskType type, long? days = null, DateTimeOffset? creation = null, IReadOnlyList<string>? paths = null, Action<StartGate>? onGate = null,
        string? reportPath = null)
    {
        var task = new RepositoryTask
        {
            Id = _ids.NewTaskId(), FileSystemId = _fileSystem.Id, Type = type, Lifecycle = TaskLifecycle.Pending, Paths = paths ?? [],
            Report = new CompletionReport { Enabled = reportPath is not null, Path = reportPath }, ReleaseAgeDays = days, CreationTime = creation ?? TimeProvider.System.GetUtcNow(),
        };
        await _catalog.TryAddTaskAsync(task, token: null, Cancellation);
        return await RunAsync(task.Id, onGate);
    }

    /// <summary>Runs a task, perhaps not for the first time.</summary>
    public async Task<RepositoryTask> RunAsync(TaskId id, Action<StartGate>? onGate = null)
    {
        Last = (await _catalog.FindTaskAsync(id, Cancellation))!;
        using var gate = new StartGate();
        onGate?.Invoke(gate);
        using var budget = new ByteBudget(Options.BufferBytes);
        var executor = new TaskExecutor(
            _catalog, this, new FixedGuards(IsGuarded ? Guard : null, IsGuarded ? null : "Mount it with 'sluice mount'."), new UploadJournal(_catalog, this, JournalTime), budget, Restores, Options,
            TimeProvider.System, Log);
        await executor.ExecuteAsync(Last, gate, Cancellation);
        Last = (await _catalog.FindTaskAsync(id, Cancellation))!;
        foreach (var line in Log.Lines) Xunit.TestContext.Current.TestOutputHelper?.WriteLine(line);
        Log.Lines.Clear();
        return Last;
    }

    /// <summary>Aborts the uploads that could not be aborted when their task ended, as the scheduler does.</summary>
    public async Task SweepUploadsAsync()
    {
        var journal = new UploadJournal(_catalog, this, JournalTime);
        foreach (var upload in await _catalog.ListUploadsAsync(taskId: null, Cancellation)) await journal.AbortAsync(upload, Cancellation);
    }

    /// <summary>Cancels a task that is executing.</summary>
    public Task CancelAsync(TaskId id) => _catalog.ApplyAsync(id, TaskEvent.Cancel, new Catalog.TransitionDetails(TimeProvider.System.GetUtcNow()), Cancellation);

    /// <summary>The rows of the last task's failed files.</summary>
    public string[] Failures => File.ReadAllLines(Path.Combine(Options.WorkDirectory, $"{Last!.Id}.csv"));

    /// <summary>Succeeded, failed and found files of the last task.</summary>
    public (long Succeeded, long Failed, long Total) Counts =>
        Last!.Progress is { } progress ? (progress.SucceededCount, progress.FailedCount, progress.TotalCount) : default;

    public Fd Open(string name) => FileSystemCalls.OpenBeneath(Files, System.Text.Encoding.UTF8.GetBytes(name), OpenFlags.ReadWrite | OpenFlags.NoFollow);

    public FileStatus Status(string name) => FileSystemCalls.StatusAt(Files, System.Text.Encoding.UTF8.GetBytes(name));

    public FileState State(string name) => FileState.Inspect(this[name]);

    /// <summary>Changes a file's record.</summary>
    public void Rewrite(string name, Func<LedgerRecord, LedgerRecord> change)
    {
        using var file = Open(name);
        Ledger.TryWrite(file, change(Ledger.Read(file)!.Value));
    }

    /// <summary>Restores a file as for a reader.</summary>
    public async Task<RestoreResult> RestoreAsync(string name)
    {
        using var file = Open(name);
        return await Restores.RestoreAsync(new RestoreTarget(IsGuarded ? Guard : null, Ledger, file), Cancellation);
    }

    /// <summary>Puts other bytes of the same size into an object, behind the repository's back.</summary>
    public void Corrupt(string name)
    {
        using var file = new FileStream(Path.Combine(BucketPath, "objects", Key(name)), FileMode.Open);
        file.WriteByte((byte)~file.ReadByte());
        file.Position = file.Length / 2;
        file.Write([1, 2, 3]);
    }

    public async ValueTask DisposeAsync()
    {
        Restores.Dispose();
        Files.Dispose();
        await _catalog.DisposeAsync();
        await _disk.DisposeAsync();
        await _directory.DisposeAsync();
    }
}
