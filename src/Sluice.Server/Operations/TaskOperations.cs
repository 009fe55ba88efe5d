using System.Globalization;
using Sluice.Catalog;
using Sluice.Core.Associations;
using Sluice.Core.Faults;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Paths;
using Sluice.Core.Repositories;
using Sluice.Core.Tasks;
using Sluice.Engine.Scheduling;
using Sluice.Protocol.Shapes;

namespace Sluice.Server.Operations;

/// <summary>CreateDataRepositoryTask, CancelDataRepositoryTask, DescribeDataRepositoryTasks. Inputs have passed the model's constraints.</summary>
internal sealed class TaskOperations(
    ICatalog catalog, TaskSignals signals, Idempotency idempotency, TaskShapes shapes, IIdSource ids, ServerOptions options, TimeProvider time)
{
    /// <summary>Header with <c>done/found</c> bytes of the one task asked for.</summary>
    public const string BytesNote = "x-sluice-task-bytes";

    private const int MaxPage = 50;

    /// <summary>Accepts a task in PENDING. Paths are checked by the task itself; what would never run is refused here.</summary>
    public async Task<CreateDataRepositoryTaskResponse> CreateAsync(
        CreateDataRepositoryTaskRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (await idempotency.FindAsync(context, request.ClientRequestToken, cancellationToken) is { } known)
        {
            var existing = await catalog.FindTaskAsync(TaskId.Parse(known), cancellationToken) ?? throw Faults.TaskNotFound(known);
            return new CreateDataRepositoryTaskResponse { DataRepositoryTask = shapes.ToWire(existing) };
        }

        var task = await CheckAsync(request, cancellationToken);
        var token = idempotency.NewToken(context, request.ClientRequestToken, task.Id.Value);
        switch (await catalog.TryAddTaskAsync(task, token, cancellationToken))
        {
            case AddResult.TokenTaken:
                return await CreateAsync(request, context, cancellationToken);
            case AddResult.FileSystemGone:
                throw Faults.FileSystemNotFound(task.FileSystemId.Value);
            case AddResult.Added:
                break;
        }

        signals.Wake();
        return new CreateDataRepositoryTaskResponse { DataRepositoryTask = shapes.ToWire(task) };
    }

    /// <summary>Cancels a task. The answer is given after CANCELING is durable and the task's gate is closed: from then on no file begins.</summary>
    public async Task<CancelDataRepositoryTaskResponse> CancelAsync(CancelDataRepositoryTaskRequest request, CancellationToken cancellationToken)
    {
        var id = TaskId.Parse(request.TaskId!);
        var task = await catalog.FindTaskAsync(id, cancellationToken) ?? throw Faults.TaskNotFound(id.Value);
        if (task.Type == TaskType.AutoRelease)
            throw Faults.Unsupported($"Task '{id}' was started by the service and can't be canceled.");
        var result = await catalog.ApplyAsync(id, TaskEvent.Cancel, new TransitionDetails(time.GetUtcNow()), cancellationToken)
            ?? throw Faults.TaskNotFound(id.Value);
        if (result.After is not { } lifecycle)
        {
            throw new FsxFault(
                FaultCode.DataRepositoryTaskEnded, $"Data repository task '{id}' has ended with {TaskShapes.Word(result.Before)} and can't be canceled.");
        }

        signals.CloseGate(id);
        return new CancelDataRepositoryTaskResponse { Lifecycle = TaskShapes.Word(lifecycle), TaskId = id.Value };
    }

    /// <summary>Describes tasks by ids, filters, or all of them. For a single task asked for by id, the header <see cref="BytesNote"/> tells
    /// bytes done and found, which the API has no member for.</summary>
    public async Task<DescribeDataRepositoryTasksResponse> DescribeAsync(
        DescribeDataRepositoryTasksRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        foreach (var id in request.TaskIds ?? [])
            _ = await catalog.FindTaskAsync(TaskId.Parse(id), cancellationToken) ?? throw Faults.TaskNotFound(id);
        var filter = FilterOf(request);
        var scope = PageScope.Of(
            request.TaskIds, (request.Filters ?? []).Select(item => (item.Name, item.Values)), nameof(DescribeDataRepositoryTasksRequest));
        var page = Math.Min(request.MaxResults ?? MaxPage, MaxPage);
        var found = filter is null ? [] : await catalog.ListTasksAsync(filter, Paging.After(request.NextToken, scope), page + 1, cancellationToken);
        if (request.TaskIds is { Count: 1 } && found is [{ Progress: { } progress }])
            context.Notes[BytesNote] = string.Create(CultureInfo.InvariantCulture, $"{progress.SucceededBytes}/{progress.TotalBytes}");
        return new DescribeDataRepositoryTasksResponse
        {
            DataRepositoryTasks = [.. found.Take(page).Select(shapes.ToWire)],
            NextToken = Paging.Next(found, page, scope, task => new PageCursor(task.CreationTime, task.Id.Value)),
        };
    }

    private async Task<RepositoryTask> CheckAsync(CreateDataRepositoryTaskRequest request, CancellationToken cancellationToken)
    {
        var fileSystemId = FileSystemId.Parse(request.FileSystemId!);
        var type = TaskShapes.ParseType(request.Type!);
        CheckMembers(request, type);
        var fileSystem = await catalog.FindFileSystemAsync(fileSystemId, cancellationToken) ?? throw Faults.FileSystemNotFound(fileSystemId.Value);
        if (fileSystem.Lifecycle is not (FileSystemLifecycle.Available or FileSystemLifecycle.Updating))
            throw Faults.BadRequest($"File system '{fileSystemId}' is {FileSystemShapes.Word(fileSystem.Lifecycle)}; it has to be AVAILABLE.");
        if (type != TaskType.Export) throw Faults.Unsupported($"Tasks of type {request.Type} are not supported on file system '{fileSystemId}'.");

        var paths = (request.Paths ?? []).Select(ParsePath).ToList();
        var filter = new AssociationFilter { FileSystemIds = [[fileSystemId.Value]] };
        var associations = await catalog.ListAssociationsAsync(filter, after: null, limit: 100, cancellationToken);
        CheckAssociations(paths, associations, fileSystemId);
        CheckReport(request.Report!, associations);
        await CheckQueueAsync(fileSystemId, type, paths, cancellationToken);
        return new RepositoryTask
        {
            Id = ids.NewTaskId(),
            FileSystemId = fileSystemId,
            Type = type,
            Lifecycle = TaskLifecycle.Pending,
            Paths = request.Paths ?? [],
            Report = new Core.Tasks.CompletionReport
            {
                Enabled = request.Report!.Enabled!.Value, Path = request.Report.Path, Format = request.Report.Format, Scope = request.Report.Scope,
            },
            CreationTime = Instants.Now(time),
            Tags = TagRules.Check(request.Tags),
        };
    }

    private static void CheckMembers(CreateDataRepositoryTaskRequest request, TaskType type)
    {
        if (type == TaskType.AutoRelease) throw Faults.BadRequest("Tasks of type AUTO_RELEASE_DATA are started by the service only.");
        if (request.CapacityToRelease is not null) throw Faults.BadRequest("CapacityToRelease is only allowed with AUTO_RELEASE_DATA.");
        if (request.ReleaseConfiguration is not null && type != TaskType.Release)
            throw Faults.BadRequest("ReleaseConfiguration is only allowed with RELEASE_DATA_FROM_FILESYSTEM.");
        var age = request.ReleaseConfiguration?.DurationSinceLastAccess;
        if (age is not null && (age.Unit is null) != (age.Value is null))
            throw Faults.BadRequest("DurationSinceLastAccess needs both Unit and Value.");
    }

    private static FileSystemPath ParsePath(string text) =>
        FileSystemPath.TryParse(text) ?? throw Faults.BadRequest($"The path {Faults.Show(text)} is not allowed: it contains '..' or NUL.");

    private static void CheckAssociations(
        IReadOnlyList<FileSystemPath> paths, IReadOnlyList<Core.Associations.DataRepositoryAssociation> associations, FileSystemId fileSystemId)
    {
        if (associations.Count == 0)
            throw Faults.BadRequest($"File system '{fileSystemId}' is not linked to a data repository.");
        foreach (var association in associations)
        {
            var directory = FileSystemPath.TryParse(association.FileSystemPath)!;
            if (paths.Count > 0 && !paths.Any(directory.Overlaps)) continue;
            if (association.Lifecycle == AssociationLifecycle.Creating)
                throw Faults.BadRequest($"Data repository association '{association.Id}' is CREATING; wait until it is AVAILABLE.");
            if (association.AutoExportEvents is { Count: > 0 })
                throw Faults.BadRequest($"Data repository association '{association.Id}' has an AutoExportPolicy; remove it to run export tasks.");
        }
    }

    private static void CheckReport(
        Protocol.Shapes.CompletionReport report, IReadOnlyList<Core.Associations.DataRepositoryAssociation> associations)
    {
        if (report.Enabled != true) return;
        if (report.Path is null || report.Format is null || report.Scope is null)
            throw Faults.BadRequest("Report needs Path, Format and Scope when Enabled is true.");
        var isLinked = RepositoryPath.TryParse(report.Path, out var path) && associations.Any(
            association => RepositoryPath.TryParse(association.DataRepositoryPath, out var linked) && linked.Contains(path));
        if (!isLinked)
            throw Faults.BadRequest("The report path provided is not associated with a data repository linked to this file system.");
    }

    private async Task CheckQueueAsync(
        FileSystemId fileSystemId, TaskType type, List<FileSystemPath> paths, CancellationToken cancellationToken)
    {
        var unended = (await catalog.ListUnendedTasksAsync(cancellationToken)).Where(task => task.FileSystemId == fileSystemId).ToList();
        var wanted = PathSet(paths);
        var twin = unended.Find(task => options.StrictTasks || (task.Type == type && PathSet(task.Paths.Select(ParsePath)).SetEquals(wanted)));
        if (twin is not null)
        {
            throw new FsxFault(
                FaultCode.DataRepositoryTaskExecuting,
                $"Data repository task '{twin.Id}' of file system '{fileSystemId}' is {TaskShapes.Word(twin.Lifecycle)}; wait until it has ended.");
        }

        if (unended.Count(task => task.Lifecycle == TaskLifecycle.Pending) >= options.TaskQueueLength)
            throw Faults.BadRequest($"File system '{fileSystemId}' has {options.TaskQueueLength} tasks waiting; wait until one has ended.");
    }

    private static HashSet<string> PathSet(IEnumerable<FileSystemPath> paths)
    {
        var set = FileSystemPath.Union(paths).Select(path => path.Value).ToHashSet(StringComparer.Ordinal);
        return set.Count == 0 ? [""] : set;
    }

    /// <returns>Null when a filter can match nothing.</returns>
    private static TaskFilter? FilterOf(DescribeDataRepositoryTasksRequest request)
    {
        var fileSystems = new List<IReadOnlyList<string>>();
        var lifecycles = new List<IReadOnlyList<TaskLifecycle>>();
        foreach (var filter in request.Filters ?? [])
        {
            if (filter.Name is null || filter.Values is not { Count: > 0 })
                throw Faults.BadRequest($"The filter {Faults.Show(filter.Name)} needs a Name and at least one value in Values.");
            switch (filter.Name)
            {
                case "file-system-id":
                    fileSystems.Add(filter.Values);
                    break;
                case "task-lifecycle":
                    lifecycles.Add([.. filter.Values.Select(TaskShapes.TryParseLifecycle).OfType<TaskLifecycle>()]);
                    break;
                default:
                    // data-repository-association-id, file-cache-id: no task here belongs to one.
                    return null;
            }
        }

        if (lifecycles.Exists(alternatives => alternatives.Count == 0)) return null;
        return new TaskFilter { Ids = request.TaskIds is { Count: > 0 } ? request.TaskIds : null, FileSystemIds = fileSystems, Lifecycles = lifecycles };
    }
}
