using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Engine.Scanning;
using Sluice.Repositories;

namespace Sluice.Engine.Runs;

/// <summary>Makes the run of a task by its type: where its entries come from, and what moves them. What the run needs lives until it is disposed.</summary>
internal sealed class TaskRuns(
    ICatalog catalog,
    IRepositoryResolver repositories,
    UploadJournal journal,
    ByteBudget budget,
    RestoreCoordinator restores,
    EngineOptions options,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    // Files of a restore mostly wait for the device, in common: the more of them, the fewer waits.
    private const int RestoreConcurrencyFactor = 8;
    private const int MaxConcurrency = 1024;

    // About a page of a listing.
    private const int ReleaseBatchEntries = 1000;

    private readonly List<IDisposable> _owned = [];

    /// <summary>The run of <paramref name="task"/>.</summary>
    /// <exception cref="TaskFailedException">The task as a whole can't run.</exception>
    public async Task<ITaskRun> MakeAsync(RepositoryTask task, TaskContext context, CancellationToken cancellationToken) => task.Type switch
    {
        TaskType.Export => await ExportAsync(task, context, cancellationToken),
        TaskType.ImportMetadata => await ImportAsync(task, context, cancellationToken),
        TaskType.Release => await ReleaseAsync(task, context, cancellationToken),
        TaskType.Restore => Restore(task, context),
        TaskType.AutoRelease => throw new TaskFailedException("Tasks of this type are not offered."),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
    }

    private async Task<ITaskRun> ExportAsync(RepositoryTask task, TaskContext context, CancellationToken cancellationToken)
    {
        var starts = TreePlan.Make(task, await AssociationsAsync(task, cancellationToken), repositories, context.Root);
        var leftovers = await journal.LeftoversAsync(task.Id, cancellationToken);
        var sender = new FileSender(options, budget, journal, new ResumableUploads(journal, leftovers));
        var archiver = Own(new Archiver(context, sender, new ReleasedArchiver(context, logger), Own(new DeviceBarrier(context))));
        return new MoveRun<ScanEntry>(context, Scanner(context, starts, new ExportJudge(context)), archiver, options, logger);
    }

    private async Task<ITaskRun> ReleaseAsync(RepositoryTask task, TaskContext context, CancellationToken cancellationToken)
    {
        var guard = context.Files.Guard ?? throw new TaskFailedException(context.Files.Refusal ?? "Data on this file system can't be guarded.");
        if (!context.Ledger.IsTrusted) throw new TaskFailedException("Releasing data needs the right to write trusted extended attributes (CAP_SYS_ADMIN).");
        var starts = TreePlan.Make(task, await AssociationsAsync(task, cancellationToken), repositories, context.Root);
        var touchedBefore = TouchedBeforeNs(task);
        var releaser = Own(new Releaser(context, guard, budget, touchedBefore, time));
        var scanner = new TreeScanner(context, starts, new ReleaseJudge(context, touchedBefore), options.WalksInParallel)
        {
            BatchEntries = ReleaseBatchEntries, Prepare = ListedObjects.LookUpAsync,
        };
        return new MoveRun<ScanEntry>(context, scanner, releaser, options, logger)
        {
            Concurrency = options.HeadsInParallel,
        };
    }

    private MoveRun<ScanEntry> Restore(RepositoryTask task, TaskContext context)
    {
        var starts = TreePlan.MakeUnlinked(task, context.Root);
        return new MoveRun<ScanEntry>(context, Scanner(context, starts, new RestoreJudge(context)), new TaskRestorer(context, restores), options, logger)
        {
            Concurrency = Math.Min(MaxConcurrency, options.Concurrency * RestoreConcurrencyFactor),
        };
    }

    private TreeScanner Scanner(TaskContext context, IReadOnlyList<ScanStart> starts, ITreeJudge judge) => new(context, starts, judge, options.WalksInParallel);

    /// <summary>More than so many days before the task was created; 0 days: whenever.</summary>
    private static long TouchedBeforeNs(RepositoryTask task)
    {
        var days = task.ReleaseAgeDays ?? 0;
        if (days <= 0) return long.MaxValue;
        var ticks = (Int128)(task.CreationTime - DateTimeOffset.UnixEpoch).Ticks - ((Int128)days * TimeSpan.TicksPerDay);
        var ns = ticks * TimeSpan.NanosecondsPerTick;
        return (long)Int128.Clamp(ns, long.MinValue, long.MaxValue - 1);
    }

    private async Task<ITaskRun> ImportAsync(RepositoryTask task, TaskContext context, CancellationToken cancellationToken)
    {
        if (context.Files.Guard is not { } guard) throw new TaskFailedException(context.Files.Refusal ?? "The file system has no guard.");
        if (!context.Ledger.IsTrusted) throw new TaskFailedException("The file system takes no trusted extended attributes, which files without data need.");
        var isRepeated = task.Lifecycle != TaskLifecycle.Pending;
        var starts = await ImportPlan.MakeAsync(task, await AssociationsAsync(task, cancellationToken), repositories, isRepeated, cancellationToken);
        var directories = Own(new ImportDirectories(context));
        var importer = Own(new MetadataImporter(context, guard, options.Concurrency));
        var lister = new BucketLister(context, directories, starts, options.ListingsInParallel, isRepeated);
        var entries = new MoveRun<ImportEntry>(context, lister, importer, options, logger) { Concurrency = options.HeadsInParallel };
        return new ImportRun(entries, directories);
    }

    private Task<IReadOnlyList<Core.Associations.DataRepositoryAssociation>> AssociationsAsync(RepositoryTask task, CancellationToken cancellationToken)
    {
        var filter = new AssociationFilter { FileSystemIds = [[task.FileSystemId.Value]] };
        return catalog.ListAssociationsAsync(filter, after: null, limit: 100, cancellationToken);
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
