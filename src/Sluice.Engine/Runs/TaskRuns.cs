using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Engine.Scanning;
using Sluice.Repositories;

namespace Sluice.Engine.Runs;

/// <summary>Makes the run of a task by its type: where its entries come from, and what moves them. What the run needs lives until it is disposed.</summary>
internal sealed class TaskRuns(
    ICatalog catalog, IRepositoryResolver repositories, UploadJournal journal, ByteBudget budget, EngineOptions options, ILogger logger) : IDisposable
{
    private Archiver? _archiver;
    private ImportDirectories? _directories;
    private BucketLister? _lister;

    /// <summary>The run of <paramref name="task"/>.</summary>
    /// <exception cref="TaskFailedException">The task as a whole can't run.</exception>
    public async Task<ITaskRun> MakeAsync(RepositoryTask task, TaskContext context, CancellationToken cancellationToken) => task.Type switch
    {
        TaskType.Export => await ExportAsync(task, context, cancellationToken),
        TaskType.ImportMetadata => await ImportAsync(task, context, cancellationToken),
        TaskType.Release or TaskType.AutoRelease or TaskType.Restore =>
            throw new TaskFailedException("Tasks of this type are not offered."),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _archiver?.Dispose();
        _lister?.Dispose();
        _directories?.Dispose();
    }

    private async Task<ITaskRun> ExportAsync(RepositoryTask task, TaskContext context, CancellationToken cancellationToken)
    {
        var starts = TreePlan.Make(task, await AssociationsAsync(task, cancellationToken), repositories, context.Root);
        var leftovers = await journal.LeftoversAsync(task.Id, cancellationToken);
        var sender = new FileSender(options, budget, journal, new ResumableUploads(journal, leftovers));
        _archiver = new Archiver(context, sender);
        return new MoveRun<ScanEntry>(context, new TreeScanner(context, starts, new ExportJudge(context)), _archiver, options, logger);
    }

    private async Task<ITaskRun> ImportAsync(RepositoryTask task, TaskContext context, CancellationToken cancellationToken)
    {
        if (context.Files.Guard is not { } guard) throw new TaskFailedException(context.Files.Refusal ?? "The file system has no guard.");
        if (!context.Ledger.IsTrusted) throw new TaskFailedException("The file system takes no trusted extended attributes, which files without data need.");
        var isRepeated = task.Lifecycle != TaskLifecycle.Pending;
        var starts = await ImportPlan.MakeAsync(task, await AssociationsAsync(task, cancellationToken), repositories, isRepeated, cancellationToken);
        _directories = new ImportDirectories(context);
        _lister = new BucketLister(context, _directories, starts, options.ListingsInParallel, isRepeated);
        var entries = new MoveRun<ImportEntry>(context, _lister, new MetadataImporter(context, guard), options, logger) { Concurrency = options.HeadsInParallel };
        return new ImportRun(entries, _directories);
    }

    private Task<IReadOnlyList<Core.Associations.DataRepositoryAssociation>> AssociationsAsync(RepositoryTask task, CancellationToken cancellationToken)
    {
        var filter = new AssociationFilter { FileSystemIds = [[task.FileSystemId.Value]] };
        return catalog.ListAssociationsAsync(filter, after: null, limit: 100, cancellationToken);
    }
}
