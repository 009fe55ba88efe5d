using System.Globalization;
using Sluice.Catalog;
using Sluice.Core.Faults;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine.Scheduling;
using Sluice.Protocol.Shapes;

namespace Sluice.Server.Operations;

/// <summary>CreateDataRepositoryTask, CancelDataRepositoryTask, DescribeDataRepositoryTasks, and Sluice's own CreateRestoreTask and DescribeTasks. Inputs have
/// passed the model's constraints.</summary>
internal sealed class TaskOperations(
    ICatalog catalog,
    TaskAdmission admission,
    TaskSignals signals,
    Idempotency idempotency,
    Additions additions,
    TaskShapes shapes,
    IIdSource ids,
    TimeProvider time)
{
    /// <summary>Header with <c>done/found</c> bytes of the one task asked for.</summary>
    public const string BytesNote = "x-sluice-task-bytes";

    private const int MaxPage = 50;

    private static readonly TaskType[] AllTypes = Enum.GetValues<TaskType>();
    private static readonly TaskType[] ApiTypes = [.. AllTypes.Where(type => type != TaskType.Restore)];

    /// <summary>Accepts a task in PENDING. Paths are checked by the task itself; what would never run is refused here.</summary>
    public async Task<CreateDataRepositoryTaskResponse> CreateAsync(
        CreateDataRepositoryTaskRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var task = await AddAsync(request.ClientRequestToken, context, () => NewTaskAsync(request, cancellationToken), cancellationToken);
        return new CreateDataRepositoryTaskResponse { DataRepositoryTask = shapes.ToWire(task) };
    }

    /// <summary>Accepts a task of Sluice's own that restores what is released.</summary>
    public async Task<CreateRestoreTaskResponse> CreateRestoreAsync(
        CreateRestoreTaskRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var task = await AddAsync(request.ClientRequestToken, context, () => NewRestoreAsync(request, cancellationToken), cancellationToken);
        return new CreateRestoreTaskResponse { DataRepositoryTask = shapes.ToWire(task) };
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
    /// bytes done and found, which the API has no member for. Restore tasks are not of the API, and not there.</summary>
    public Task<DescribeDataRepositoryTasksResponse> DescribeAsync(
        DescribeDataRepositoryTasksRequest request, RequestContext context, CancellationToken cancellationToken) =>
        DescribeAsync(request, context, ApiTypes, cancellationToken);

    /// <summary>The same with restore tasks.</summary>
    public Task<DescribeDataRepositoryTasksResponse> DescribeAllAsync(
        DescribeDataRepositoryTasksRequest request, RequestContext context, CancellationToken cancellationToken) =>
        DescribeAsync(request, context, AllTypes, cancellationToken);

    private async Task<DescribeDataRepositoryTasksResponse> DescribeAsync(
        DescribeDataRepositoryTasksRequest request, RequestContext context, IReadOnlyList<TaskType> types, CancellationToken cancellationToken)
    {
        var filter = FilterOf(request, types);
        var scope = PageScope.Of(request.TaskIds, (request.Filters ?? []).Select(item => (item.Name, item.Values)), context.Operation);
        var page = Math.Min(request.MaxResults ?? MaxPage, MaxPage);
        var found = filter is null ? [] : await catalog.ListTasksAsync(filter, Paging.After(request.NextToken, scope), page + 1, cancellationToken);

        // Looked for after the listing: one removed in between is not found, instead of missing from the answer.
        foreach (var id in request.TaskIds ?? [])
        {
            if (await catalog.FindTaskAsync(TaskId.Parse(id), cancellationToken) is not { } task || !types.Contains(task.Type))
                throw Faults.TaskNotFound(id);
        }

        if (request.TaskIds is { Count: 1 } && found is [{ Progress: { } progress }])
            context.Notes[BytesNote] = string.Create(CultureInfo.InvariantCulture, $"{progress.SucceededBytes}/{progress.TotalBytes}");
        return new DescribeDataRepositoryTasksResponse
        {
            DataRepositoryTasks = [.. found.Take(page).Select(shapes.ToWire)],
            NextToken = Paging.Next(found, page, scope, task => new PageCursor(task.CreationTime, task.Id.Value)),
        };
    }

    /// <summary>Stores the task that a request asks for, or answers the one that an earlier request with the token made.</summary>
    private async Task<RepositoryTask> AddAsync(
        string? requestToken, RequestContext context, Func<Task<RepositoryTask>> make, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await idempotency.FindAsync(context, requestToken, cancellationToken) is { } known)
                return await catalog.FindTaskAsync(TaskId.Parse(known), cancellationToken) ?? throw Faults.TaskNotFound(known);
            var task = await make();
            var added = await additions.AddAsync(
                context,
                requestToken,
                task.Id.Value,
                () => admission.CheckQueueAsync(task, cancellationToken),
                token => catalog.TryAddTaskAsync(task, token, cancellationToken),
                cancellationToken);
            switch (added)
            {
                case AddResult.Added:
                    signals.Wake();
                    return task;
                case AddResult.FileSystemGone:
                    throw Faults.FileSystemNotFound(task.FileSystemId.Value);
                case AddResult.TokenTaken:
                    break;
            }
        }
    }

    private async Task<RepositoryTask> NewTaskAsync(CreateDataRepositoryTaskRequest request, CancellationToken cancellationToken)
    {
        var fileSystemId = FileSystemId.Parse(request.FileSystemId!);
        var type = TaskShapes.ParseType(request.Type!);
        CheckMembers(request, type);
        await admission.CheckAsync(fileSystemId, type, request.Paths ?? [], request.Report!, cancellationToken);
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
            ReleaseAgeDays = request.ReleaseConfiguration?.DurationSinceLastAccess?.Value,
            CreationTime = Instants.Now(time),
            Tags = TagRules.Check(request.Tags),
        };
    }

    private async Task<RepositoryTask> NewRestoreAsync(CreateRestoreTaskRequest request, CancellationToken cancellationToken)
    {
        var fileSystemId = FileSystemId.Parse(request.FileSystemId!);
        await admission.CheckAsync(fileSystemId, TaskType.Restore, request.Paths ?? [], new() { Enabled = false }, cancellationToken);
        return new RepositoryTask
        {
            Id = ids.NewTaskId(),
            FileSystemId = fileSystemId,
            Type = TaskType.Restore,
            Lifecycle = TaskLifecycle.Pending,
            Paths = request.Paths ?? [],
            Report = new Core.Tasks.CompletionReport { Enabled = false },
            CreationTime = Instants.Now(time),
        };
    }

    private static void CheckMembers(CreateDataRepositoryTaskRequest request, TaskType type)
    {
        if (type == TaskType.AutoRelease) throw Faults.BadRequest("Tasks of type AUTO_RELEASE_DATA are started by the service only.");
        if (request.CapacityToRelease is not null) throw Faults.BadRequest("CapacityToRelease is only allowed with AUTO_RELEASE_DATA.");
        if (request.ReleaseConfiguration is not null && type != TaskType.Release)
            throw Faults.BadRequest("ReleaseConfiguration is only allowed with RELEASE_DATA_FROM_FILESYSTEM.");
        var age = request.ReleaseConfiguration?.DurationSinceLastAccess;
        if (age is not null && (age.Unit is null || age.Value is null))
            throw Faults.BadRequest("DurationSinceLastAccess needs both Unit and Value.");
    }

    /// <returns>Null when a filter can match nothing.</returns>
    private static TaskFilter? FilterOf(DescribeDataRepositoryTasksRequest request, IReadOnlyList<TaskType> types)
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
        return new TaskFilter
        {
            Ids = request.TaskIds is { Count: > 0 } ? request.TaskIds : null, FileSystemIds = fileSystems, Lifecycles = lifecycles, Types = types,
        };
    }
}
