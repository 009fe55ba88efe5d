using Sluice.Catalog;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.CommandLine.Export;

/// <summary>Puts an export into a catalog of its own: one file system, one association, and a task for each run.</summary>
internal sealed class ExportTask(ICatalog catalog, TimeProvider time)
{
    private readonly RandomIdSource _ids = new();

    /// <summary>The task to run: the one that a killed process left, or a new one. One that was being canceled is not gone on with: it is
    /// brought to its end beside the new one.</summary>
    public async Task<(RepositoryTask Task, bool IsResumed)> PrepareAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        var unended = await catalog.ListUnendedTasksAsync(cancellationToken);
        if (unended.FirstOrDefault(task => task.Lifecycle is TaskLifecycle.Pending or TaskLifecycle.Executing) is { } interrupted) return (interrupted, true);
        await catalog.RemoveEndedTasksAsync(time.GetUtcNow(), cancellationToken);
        var fileSystemId = await FindFileSystemAsync(request, cancellationToken);
        await LinkAsync(fileSystemId, request, cancellationToken);
        var task = new RepositoryTask
        {
            Id = _ids.NewTaskId(),
            FileSystemId = fileSystemId,
            Type = TaskType.Export,
            Lifecycle = TaskLifecycle.Pending,
            Paths = [],
            Report = new CompletionReport { Enabled = false },
            CreationTime = time.GetUtcNow(),
        };
        await catalog.TryAddTaskAsync(task, token: null, cancellationToken);
        return (task, false);
    }

    private async Task<FileSystemId> FindFileSystemAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        if (await catalog.ListFileSystemsAsync(after: null, limit: 1, cancellationToken) is [var known]) return known.Id;
        var fileSystem = new FileSystem
        {
            Id = _ids.NewFileSystemId(),
            Lifecycle = FileSystemLifecycle.Available,
            RootPath = request.Source,
            Adopted = true,
            Settings = "{}",
            CreationTime = time.GetUtcNow(),
        };
        await catalog.TryAddFileSystemAsync(fileSystem, token: null, cancellationToken);
        return fileSystem.Id;
    }

    private async Task LinkAsync(FileSystemId fileSystemId, ExportRequest request, CancellationToken cancellationToken)
    {
        if ((await catalog.ListAssociationsAsync(new AssociationFilter(), after: null, limit: 1, cancellationToken)).Count > 0) return;
        var association = new DataRepositoryAssociation
        {
            Id = _ids.NewAssociationId(),
            FileSystemId = fileSystemId,
            Lifecycle = AssociationLifecycle.Available,
            FileSystemPath = "/",
            DataRepositoryPath = request.Target.ToString(),
            BatchImportMetaDataOnCreate = false,
            ImportedFileChunkSizeMiB = 1024,
            CreationTime = time.GetUtcNow(),
        };
        await catalog.TryAddAssociationAsync(association, token: null, cancellationToken);
    }
}
