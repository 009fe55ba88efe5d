using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Engine.Movers;
using Sluice.Engine.Reports;
using Sluice.Engine.Runs;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// Runs one task from wherever it stands to its end. To recover a task is to run it again.
/// <code>
/// PENDING    → Start (refused when canceled meanwhile) → run → Succeed | Fail; refused, because a cancel came first → Drain
/// EXECUTING  → run again: the ledger says what is done
/// CANCELING  → count what was done, abort what was left → Drain
/// </code>
/// Before the ending row is written: report written, uploads settled. After it, nothing of the task is written.
/// </summary>
internal sealed partial class TaskExecutor(
    ICatalog catalog,
    IRepositoryResolver repositories,
    IFileSystemGuards guards,
    UploadJournal journal,
    ByteBudget budget,
    RestoreCoordinator restores,
    EngineOptions options,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan CatalogRetry = TimeSpan.FromSeconds(1);

    /// <summary>Runs <paramref name="task"/> to its end, or until the host stops.</summary>
    /// <param name="task">As it stood in the queue; its gate is registered already.</param>
    /// <param name="gate">Its gate.</param>
    /// <param name="stopping">The host stops.</param>
    public async Task ExecuteAsync(RepositoryTask task, StartGate gate, CancellationToken stopping)
    {
        // Read after the gate was made: from here on a cancel either shows in the row or closes the gate.
        var current = await catalog.FindTaskAsync(task.Id, stopping);
        if (current is null || current.Lifecycle.IsEnded()) return;
        if (current.Lifecycle == TaskLifecycle.Pending)
        {
            var started = await catalog.ApplyAsync(task.Id, TaskEvent.Start, new TransitionDetails(time.GetUtcNow()), stopping);
            if (started?.After is null) return;
        }

        var isCanceling = current.Lifecycle == TaskLifecycle.Canceling;
        if (isCanceling) gate.Close();
        var failure = await RunAsync(current, gate, isCanceling, stopping);
        await EndAsync(current, failure.Reason, failure.Progress, stopping);
    }

    private async Task<(string? Reason, TaskProgress? Progress)> RunAsync(
        RepositoryTask task, StartGate gate, bool isCanceling, CancellationToken stopping)
    {
        try
        {
            using var context = await OpenAsync(task, gate, isCanceling, stopping);
            using var runs = new TaskRuns(catalog, repositories, journal, budget, restores, options, logger);
            var run = await runs.MakeAsync(task, context, stopping);
            if (isCanceling) await run.RecountAsync(stopping);
            else await RunAsync(run, context, stopping);
            await WriteReportAsync(task, context, stopping);
            await SettleUploadsAsync(task, stopping);
            return (ReasonOf(context), ProgressOf(task, context));
        }
        catch (TaskFailedException e)
        {
            await SettleUploadsAsync(task, stopping);
            return (e.Message, null);
        }
        catch (Exception e) when (e is PosixException or RepositoryException or IOException or UnauthorizedAccessException)
        {
            RunFailed(logger, task.Id.Value, e);
            await SettleUploadsAsync(task, stopping);
            return (e.Message, null);
        }
    }

    private async Task<TaskContext> OpenAsync(RepositoryTask task, StartGate gate, bool isCanceling, CancellationToken cancellationToken)
    {
        var fileSystem = await catalog.FindFileSystemAsync(task.FileSystemId, cancellationToken)
            ?? throw new TaskFailedException($"File system '{task.FileSystemId}' does not exist.");
        GuardedRoot root;
        try
        {
            root = guards.Open(fileSystem);
        }
        catch (PosixException e)
        {
            throw new TaskFailedException($"The file system's root directory can't be opened: {e.Message}");
        }

        var spool = FailureSpool.Open(Path.Combine(options.WorkDirectory, $"{task.Id}.csv"), keep: isCanceling);
        var context = new TaskContext
        {
            TaskId = task.Id,
            TaskTag = LedgerHashes.Tag(task.Id),
            Gate = gate,
            Files = root,
            Ledger = LedgerStore.Probe(root.Root),
            Failures = spool,
            HasReport = task.Report.Enabled,
            Health = new RepositoryHealth(options.UnavailableLimit),
        };
        for (long row = 0; row < spool.FailedRows; row++)
        {
            context.Counters.Found(0);
            context.Counters.AddFailure();
        }

        return context;
    }

    private async Task RunAsync(ITaskRun run, TaskContext context, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var progress = new ProgressReporter(catalog, options, time, logger).ReportAsync(context, ended.Token);
        try
        {
            await run.RunAsync(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await progress;
        }
    }

    private async Task WriteReportAsync(RepositoryTask task, TaskContext context, CancellationToken stopping)
    {
        try
        {
            await new CompletionReportWriter(repositories, journal, options).WriteAsync(task, context.Failures, stopping);
        }
        catch (RepositoryException e)
        {
            ReportFailed(logger, task.Id.Value, e);
        }
    }

    private async Task SettleUploadsAsync(RepositoryTask task, CancellationToken stopping)
    {
        try
        {
            await journal.AbortLeftoversAsync(task.Id, stopping);
        }
        catch (Exception e) when (e is RepositoryException or CatalogException)
        {
            // The rows stay in the journal; the scheduler tries again later.
            UploadsLeft(logger, task.Id.Value, e);
        }
    }

    private static string? ReasonOf(TaskContext context)
    {
        if (context.Health.GiveUpReason is { } reason) return reason;
        var failed = context.Counters.Failed;
        return failed == 0 ? null : $"The task failed to process {failed} {(failed == 1 ? "file" : "files")}. See the completion report.";
    }

    /// <summary>The exact counters; where entries can't carry a record, what was counted before a restart stands.</summary>
    private static TaskProgress ProgressOf(RepositoryTask task, TaskContext context)
    {
        var now = context.Counters.Read();
        if (context.Ledger.IsTrusted || task.Progress is not { } before) return now;
        return new TaskProgress(
            Math.Max(now.TotalCount, before.TotalCount),
            Math.Max(now.SucceededCount, before.SucceededCount),
            now.FailedCount,
            Math.Max(now.TotalBytes, before.TotalBytes),
            Math.Max(now.SucceededBytes, before.SucceededBytes));
    }

    /// <summary>Writes the ending. A catalog that can't be written is waited for: the work is done, only the row is missing.</summary>
    private async Task EndAsync(RepositoryTask task, string? reason, TaskProgress? progress, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var details = new TransitionDetails(time.GetUtcNow(), reason is null ? null : Cut(reason), progress);
                var ending = reason is null ? TaskEvent.Succeed : TaskEvent.Fail;
                var ended = await catalog.ApplyAsync(task.Id, ending, details, stopping);
                if (ended is { After: null, Before: TaskLifecycle.Canceling })
                    await catalog.ApplyAsync(task.Id, TaskEvent.Drain, details with { FailureMessage = null }, stopping);
                if (!options.KeepFailures) RemoveSpool(task);
                return;
            }
            catch (CatalogException e)
            {
                CatalogUnwritable(logger, task.Id.Value, e);
                await Task.Delay(CatalogRetry, time, stopping);
            }
        }
    }

    private void RemoveSpool(RepositoryTask task) => new FileInfo(Path.Combine(options.WorkDirectory, $"{task.Id}.csv")).Delete();

    // Smithy shape ErrorMessage: 1 to 256 characters.
    private static string Cut(string message) => message.Length <= 256 ? message : message[..255] + "…";

    [LoggerMessage(Level = LogLevel.Error, Message = "{TaskId}: the task could not go on")]
    private static partial void RunFailed(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(EventName = "S3CompletionReportUploadFailure", Level = LogLevel.Error, Message = "{TaskId}: the completion report could not be written")]
    private static partial void ReportFailed(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{TaskId}: multipart uploads could not be aborted; trying again later")]
    private static partial void UploadsLeft(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{TaskId}: the catalog can't be written; trying again")]
    private static partial void CatalogUnwritable(ILogger logger, string taskId, Exception exception);
}
