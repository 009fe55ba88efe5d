using Sluice.Catalog;
using Sluice.Core.Associations;
using Sluice.Core.Faults;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Repositories;
using Sluice.Core.Tasks;
using DataRepositoryAssociation = Sluice.Core.Associations.DataRepositoryAssociation;
using FileSystem = Sluice.Core.FileSystems.FileSystem;

namespace Sluice.Server.Operations;

/// <summary>Refuses at once the tasks that could never run; what only the files and the bucket can tell, the task itself finds out.</summary>
internal sealed class TaskAdmission(ICatalog catalog, GuardChecks guards, ServerOptions options)
{
    /// <summary>Passes a task that can run, or wait, on its file system.</summary>
    /// <exception cref="FsxFault">It can't.</exception>
    public async Task CheckAsync(FileSystemId id, TaskType type, IReadOnlyList<string> pathTexts, Protocol.Shapes.CompletionReport report, CancellationToken cancellationToken)
    {
        var fileSystem = await catalog.FindFileSystemAsync(id, cancellationToken) ?? throw Faults.FileSystemNotFound(id.Value);
        if (fileSystem.Lifecycle is not (FileSystemLifecycle.Available or FileSystemLifecycle.Updating))
            throw Faults.BadRequest($"File system '{id}' is {FileSystemShapes.Word(fileSystem.Lifecycle)}; it has to be AVAILABLE.");
        var paths = TaskPaths.Parse(type, pathTexts);
        CheckOffered(fileSystem, type);
        var filter = new AssociationFilter { FileSystemIds = [[id.Value]] };
        var associations = await catalog.ListAssociationsAsync(filter, after: null, limit: 100, cancellationToken);

        // What was released stays restorable when its link is gone.
        if (type != TaskType.Restore) CheckAssociations(type, paths, associations, id);
        CheckReport(report, associations);
    }

    /// <summary>Passes a task that none before it stands against. True only until another one is stored: for <see cref="Additions"/>.</summary>
    /// <exception cref="FsxFault">DataRepositoryTaskExecuting: an equal task has not ended. BadRequest: too many wait.</exception>
    public async Task CheckQueueAsync(RepositoryTask task, CancellationToken cancellationToken)
    {
        var paths = TaskPaths.Parse(task.Type, task.Paths);
        var unended = (await catalog.ListUnendedTasksAsync(cancellationToken)).Where(other => other.FileSystemId == task.FileSystemId).ToList();
        var twin = unended.Find(other => options.StrictTasks || (other.Type == task.Type && TaskPaths.Parse(other.Type, other.Paths).Equal(paths)));
        if (twin is not null)
        {
            throw new FsxFault(
                FaultCode.DataRepositoryTaskExecuting,
                $"Data repository task '{twin.Id}' of file system '{task.FileSystemId}' is {TaskShapes.Word(twin.Lifecycle)}; wait until it has ended.");
        }

        if (unended.Count(other => other.Lifecycle == TaskLifecycle.Pending) >= options.TaskQueueLength)
            throw Faults.BadRequest($"File system '{task.FileSystemId}' has {options.TaskQueueLength} tasks waiting; wait until one has ended.");
    }

    private void CheckOffered(FileSystem fileSystem, TaskType type)
    {
        if (type == TaskType.Release) LustreRules.CheckAllowsRelease(fileSystem);
        if (type is TaskType.Release or TaskType.ImportMetadata) guards.CheckGuarded(fileSystem);
    }

    private static void CheckAssociations(
        TaskType type, TaskPaths paths, IReadOnlyList<DataRepositoryAssociation> associations, FileSystemId fileSystemId)
    {
        if (associations.Count == 0)
            throw Faults.BadRequest($"File system '{fileSystemId}' is not linked to a data repository.");
        foreach (var association in associations.Where(paths.Touch))
        {
            if (association.Lifecycle == AssociationLifecycle.Creating)
                throw Faults.BadRequest($"Data repository association '{association.Id}' is CREATING; wait until it is AVAILABLE.");
            if (type == TaskType.Export && association.AutoExportEvents is { Count: > 0 })
                throw Faults.BadRequest($"Data repository association '{association.Id}' has an AutoExportPolicy; remove it to run export tasks.");
        }
    }

    private static void CheckReport(Protocol.Shapes.CompletionReport report, IReadOnlyList<DataRepositoryAssociation> associations)
    {
        if (report.Enabled != true) return;
        if (report.Path is null || report.Format is null || report.Scope is null)
            throw Faults.BadRequest("Report needs Path, Format and Scope when Enabled is true.");
        var isLinked = RepositoryPath.TryParse(report.Path, out var path) && associations.Any(
            association => RepositoryPath.TryParse(association.DataRepositoryPath, out var linked) && linked.Contains(path));
        if (!isLinked)
            throw Faults.BadRequest("The report path provided is not associated with a data repository linked to this file system.");
    }
}
