using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Paths;
using Sluice.Core.Repositories;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Scheduling;
using Sluice.Posix;
using Sluice.Protocol.Shapes;
using Sluice.Repositories;
using Sluice.Server.Operations;
using Association = Sluice.Core.Associations.DataRepositoryAssociation;
using FileSystem = Sluice.Core.FileSystems.FileSystem;

namespace Sluice.Server.Lifecycles;

/// <summary>
/// Brings file systems and associations from their passing states to their lasting ones, one at a time, and forgets ended tasks after
/// their retention.
/// <code>
/// file system   CREATING → directory made → AVAILABLE     UPDATING → AVAILABLE     DELETING → own directory removed → gone
/// association   CREATING → directory made → AVAILABLE, with its first import if one is wanted
///               UPDATING → bucket checked → AVAILABLE | MISCONFIGURED     MISCONFIGURED → checked now and then → AVAILABLE
///               DELETING → its tasks have ended → (files removed on request) → gone
/// </code>
/// Every step can be repeated: a process that dies in between goes on at the next start.
/// </summary>
internal sealed partial class ResourceLifecycles(
    ICatalog catalog,
    IRepositoryResolver repositories,
    IFileSystemGuards guards,
    ResourceSignals signals,
    TaskSignals tasks,
    IIdSource ids,
    ServerOptions options,
    TimeProvider time,
    ILogger<ResourceLifecycles> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await signals.WaitAsync(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (PageCursor? after = null; ;)
            {
                var page = await catalog.ListFileSystemsAsync(after, 100, cancellationToken);
                foreach (var fileSystem in page) await TryAdvanceAsync(fileSystem, cancellationToken);
                if (page.Count < 100) break;
                after = new PageCursor(page[^1].CreationTime, page[^1].Id.Value);
            }

            await catalog.RemoveEndedTasksAsync(time.GetUtcNow() - options.TaskRetention, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(logger, e);
        }
    }

    /// <summary>One that can't be brought forward is no reason to leave the others.</summary>
    private async Task TryAdvanceAsync(FileSystem fileSystem, CancellationToken cancellationToken)
    {
        try
        {
            await AdvanceAsync(fileSystem, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(logger, e);
        }
    }

    private async Task AdvanceAsync(FileSystem fileSystem, CancellationToken cancellationToken)
    {
        var filter = new AssociationFilter { FileSystemIds = [[fileSystem.Id.Value]] };
        var associations = await catalog.ListAssociationsAsync(filter, after: null, limit: 100, cancellationToken);
        switch (fileSystem.Lifecycle)
        {
            case FileSystemLifecycle.Creating:
                await CreateAsync(fileSystem, cancellationToken);
                break;
            case FileSystemLifecycle.Updating:
                var settings = FileSystemShapes.ReadSettings(fileSystem);
                var updated = fileSystem with
                {
                    Lifecycle = FileSystemLifecycle.Available,
                    Settings = FileSystemShapes.WriteSettings(settings with { AdministrativeActions = Complete(settings) }),
                };
                await catalog.TryUpdateFileSystemAsync(updated, FileSystemLifecycle.Updating, token: null, cancellationToken);
                break;
            case FileSystemLifecycle.Deleting:
                await DeleteAsync(fileSystem, cancellationToken);
                return;
            case FileSystemLifecycle.Available or FileSystemLifecycle.Failed or FileSystemLifecycle.Misconfigured:
                break;
        }

        foreach (var association in associations) await AdvanceAsync(fileSystem, association, cancellationToken);
    }

    private async Task CreateAsync(FileSystem fileSystem, CancellationToken cancellationToken)
    {
        var next = fileSystem with { Lifecycle = FileSystemLifecycle.Available };
        try
        {
            if (!fileSystem.Adopted) Directory.CreateDirectory(fileSystem.RootPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            next = fileSystem with { Lifecycle = FileSystemLifecycle.Failed, FailureMessage = Cut($"The root directory can't be made: {e.Message}") };
        }

        await catalog.TryUpdateFileSystemAsync(next, FileSystemLifecycle.Creating, token: null, cancellationToken);
    }

    private async Task AdvanceAsync(FileSystem fileSystem, Association association, CancellationToken cancellationToken)
    {
        switch (association.Lifecycle)
        {
            case AssociationLifecycle.Creating:
                await FinishAsync(association, MakeDirectory(fileSystem, association) ?? Available(association), cancellationToken);
                break;
            case AssociationLifecycle.Updating or AssociationLifecycle.Misconfigured:
                await UpdateAsync(association, await CheckAsync(association, cancellationToken), cancellationToken);
                break;
            case AssociationLifecycle.Deleting:
                await DeleteAsync(fileSystem, association, cancellationToken);
                break;
            case AssociationLifecycle.Available or AssociationLifecycle.Failed:
                break;
        }
    }

    /// <summary>The association and the import that its creator wants become visible together.</summary>
    private async Task FinishAsync(Association before, Association after, CancellationToken cancellationToken)
    {
        if (!after.BatchImportMetaDataOnCreate || after.Lifecycle != AssociationLifecycle.Available)
        {
            await UpdateAsync(before, after, cancellationToken);
            return;
        }

        var import = new RepositoryTask
        {
            Id = ids.NewTaskId(),
            FileSystemId = after.FileSystemId,
            Type = TaskType.ImportMetadata,
            Lifecycle = TaskLifecycle.Pending,
            Paths = [after.DataRepositoryPath],
            Report = new Core.Tasks.CompletionReport { Enabled = false },
            CreationTime = Instants.Now(time),
        };
        if (await catalog.TryFinishAssociationAsync(after, import, cancellationToken)) tasks.Wake();
    }

    private async Task DeleteAsync(FileSystem fileSystem, CancellationToken cancellationToken)
    {
        try
        {
            // Never an adopted tree: only what was made here is removed here.
            if (!fileSystem.Adopted) new DirectoryRemoval(guards).RemoveTree(fileSystem, cancellationToken);
        }
        catch (PosixException e)
        {
            var failed = fileSystem with { Lifecycle = FileSystemLifecycle.Failed, FailureMessage = Cut($"The files can't be removed: {e.Message}") };
            await catalog.TryUpdateFileSystemAsync(failed, FileSystemLifecycle.Deleting, token: null, cancellationToken);
            return;
        }

        await catalog.RemoveFileSystemAsync(fileSystem.Id, cancellationToken);
    }

    private async Task DeleteAsync(FileSystem fileSystem, Association association, CancellationToken cancellationToken)
    {
        // A task that was accepted while the deletion was: its plan may have the association's files.
        if (await IsInUseAsync(association, cancellationToken)) return;
        try
        {
            if (association.DeleteDataInFileSystem) new DirectoryRemoval(guards).RemoveContents(fileSystem, association.FileSystemPath, cancellationToken);
        }
        catch (PosixException e)
        {
            var failed = association with { Lifecycle = AssociationLifecycle.Failed, FailureMessage = Cut($"The files can't be removed: {e.Message}") };
            await UpdateAsync(association, failed, cancellationToken);
            return;
        }

        await catalog.RemoveAssociationAsync(association.Id, cancellationToken);
    }

    private async Task<bool> IsInUseAsync(Association association, CancellationToken cancellationToken) =>
        (await catalog.ListUnendedTasksAsync(cancellationToken)).Any(task => task.StartTime is not null && TaskPaths.IsUsing(task, association));

    private Task UpdateAsync(Association before, Association after, CancellationToken cancellationToken) =>
        catalog.TryUpdateAssociationAsync(after, before.Lifecycle, token: null, cancellationToken);

    private async Task<Association> CheckAsync(Association association, CancellationToken cancellationToken)
    {
        try
        {
            if (!RepositoryPath.TryParse(association.DataRepositoryPath, out var path)) return association;
            await repositories.Resolve(path.Bucket).CheckAccessAsync(path.Prefix, cancellationToken);
            return Available(association);
        }
        catch (RepositoryException e)
        {
            return association with { Lifecycle = AssociationLifecycle.Misconfigured, FailureMessage = Cut(e.Message) };
        }
    }

    private static Association Available(Association association) =>
        association with { Lifecycle = AssociationLifecycle.Available, FailureMessage = null };

    /// <returns>Null when the directory is there; otherwise the association as FAILED.</returns>
    private static Association? MakeDirectory(FileSystem fileSystem, Association association)
    {
        try
        {
            Directory.CreateDirectory(Beneath(fileSystem, association));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return association with { Lifecycle = AssociationLifecycle.Failed, FailureMessage = Cut($"The directory can't be made: {e.Message}") };
        }
    }

    /// <summary>The association's directory, refusing one that a symlink leads out of the root.</summary>
    private static string Beneath(FileSystem fileSystem, Association association)
    {
        var relative = FileSystemPath.TryParse(association.FileSystemPath)?.Value ?? throw new IOException("The association's path is not usable.");
        var path = fileSystem.RootPath;
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, part);
            if (new DirectoryInfo(path).LinkTarget is not null) throw new IOException($"'{path}' is a symbolic link.");
        }

        return path;
    }

    private static IReadOnlyList<AdministrativeAction>? Complete(Protocol.Shapes.FileSystem settings) =>
        settings.AdministrativeActions?.Select(action => action with { Status = "COMPLETED" }).ToList();

    private static string Cut(string message) => message.Length <= 256 ? message : message[..255] + "…";

    [LoggerMessage(Level = LogLevel.Error, Message = "Resources could not be brought forward; trying again")]
    private static partial void Failed(ILogger logger, Exception exception);
}
