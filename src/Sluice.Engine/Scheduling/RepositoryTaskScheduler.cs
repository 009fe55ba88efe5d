using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Movers;
using Sluice.Repositories;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// Starts tasks: per file system one at a time, in the order they were accepted; different file systems are independent.
/// <code>
/// loop: canceled before it started → CANCELED at once, whatever else runs
///       per idle file system: the one that was under way when the process died, else the oldest PENDING
///       uploads in the journal and spools of failures whose task has ended → aborted, removed
/// </code>
/// All it knows it reads from the catalog; hints only make it look sooner.
/// </summary>
public sealed partial class RepositoryTaskScheduler : BackgroundService
{
    private readonly ICatalog _catalog;
    private readonly TaskSignals _signals;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ByteBudget _budget;
    private readonly UploadJournal _journal;
    private readonly RestoreCoordinator? _ownRestores;
    private readonly TaskExecutor _executor;
    private readonly Dictionary<FileSystemId, Task> _running = [];
    private long _nextSweep;

    /// <summary>Wires the engine. <paramref name="options"/> are validated here.</summary>
    /// <param name="catalog">The truth.</param>
    /// <param name="repositories">Finds buckets.</param>
    /// <param name="guards">Finds guards of file systems.</param>
    /// <param name="signals">Hints.</param>
    /// <param name="options">How hard to work.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes the log.</param>
    /// <param name="restores">The process's restores; null for one of its own.</param>
    public RepositoryTaskScheduler(
        ICatalog catalog,
        IRepositoryResolver repositories,
        IFileSystemGuards guards,
        TaskSignals signals,
        EngineOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        RestoreCoordinator? restores = null)
    {
        options.Validate();
        _catalog = catalog;
        _signals = signals;
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger("Sluice.Engine");
        _budget = new ByteBudget(options.BufferBytes);
        _journal = new UploadJournal(catalog, repositories, time);
        _ownRestores = restores is null ? new RestoreCoordinator(repositories, options) : null;
        _executor = new TaskExecutor(catalog, repositories, guards, _journal, _budget, restores ?? _ownRestores!, options, time, _logger);
    }

    /// <summary>Gives up a canceled task whose files in flight were cut off by <see cref="BackgroundService.StopAsync"/>: aborts its multipart
    /// uploads, then ends it. Only after the scheduler has stopped.</summary>
    /// <exception cref="RepositoryException">An upload could not be aborted; the next start tries again.</exception>
    public async Task AbandonAsync(TaskId taskId, CancellationToken cancellationToken)
    {
        await _journal.AbortLeftoversAsync(taskId, cancellationToken);
        await _catalog.ApplyAsync(taskId, TaskEvent.Drain, new TransitionDetails(_time.GetUtcNow()), cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _budget.Dispose();
        _ownRestores?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>The loop, on the scheduler it is called on.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        new DirectoryInfo(_options.WorkDirectory).Create();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await _signals.WaitAsync(_options.PollInterval, _time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await Task.WhenAll(_running.Values);
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var (id, run) in _running.ToList())
            {
                if (run.IsCompleted) _running.Remove(id);
            }

            var queue = await _catalog.ListUnendedTasksAsync(stopping);
            await DrainUnstartedAsync(queue, stopping);
            foreach (var group in queue.Where(task => !IsUnstarted(task)).GroupBy(task => task.FileSystemId))
            {
                if (_running.ContainsKey(group.Key)) continue;
                var next = group.FirstOrDefault(task => task.Lifecycle != TaskLifecycle.Pending) ?? group.First();
                _running[group.Key] = RunAsync(next, stopping);
            }

            await SweepAsync(queue, stopping);
        }
        catch (CatalogException e)
        {
            CatalogFailed(_logger, e);
        }
    }

    private static bool IsUnstarted(RepositoryTask task) => task is { Lifecycle: TaskLifecycle.Canceling, StartTime: null };

    /// <summary>Tasks canceled while PENDING leave the queue at once.</summary>
    private async Task DrainUnstartedAsync(IReadOnlyList<RepositoryTask> queue, CancellationToken stopping)
    {
        foreach (var task in queue.Where(IsUnstarted))
            await _catalog.ApplyAsync(task.Id, TaskEvent.Drain, new TransitionDetails(_time.GetUtcNow()), stopping);
    }

    private async Task RunAsync(RepositoryTask task, CancellationToken stopping)
    {
        var gate = _signals.OpenGate(task.Id);
        try
        {
            await _executor.ExecuteAsync(task, gate, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Left as it is; the next start goes on with it.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Also left as it is: it is run again after a pause, so that a passing fault of the catalog costs time only.
            TaskFaulted(_logger, task.Id.Value, e);
            await PauseAsync(stopping);
        }
        finally
        {
            _signals.RemoveGate(task.Id);
            _signals.Wake();
        }
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(5), _time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>At the start and once a minute: what tasks that have ended left behind.</summary>
    private async Task SweepAsync(IReadOnlyList<RepositoryTask> queue, CancellationToken stopping)
    {
        if (_time.GetTimestamp() < _nextSweep) return;
        _nextSweep = _time.GetTimestamp() + (60 * _time.TimestampFrequency);
        var unended = queue.Select(task => task.Id).ToHashSet();
        _executor.RemoveSpoolsExcept(unended);
        await SweepUploadsAsync(unended, stopping);
    }

    /// <summary>Uploads that could not be aborted when their task ended.</summary>
    private async Task SweepUploadsAsync(HashSet<TaskId> unended, CancellationToken stopping)
    {
        foreach (var upload in await _catalog.ListUploadsAsync(taskId: null, stopping))
        {
            if (unended.Contains(upload.Intent.TaskId)) continue;
            try
            {
                await _journal.AbortAsync(upload, stopping);
            }
            catch (RepositoryException e)
            {
                UploadLeft(_logger, upload.Intent.TaskId.Value, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The catalog can't be read or written; trying again")]
    private static partial void CatalogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{TaskId}: unexpected fault; the task is run again")]
    private static partial void TaskFaulted(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{TaskId}: a multipart upload could not be aborted; trying again later")]
    private static partial void UploadLeft(ILogger logger, string taskId, Exception exception);
}
