using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Crashing;
using Sluice.Core.Ids;
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

        // Canceled before it started: the scheduler ends it, and nothing of it is read or written.
        if (current is { Lifecycle: TaskLifecycle.Canceling, StartTime: null }) return;
        if (current.Lifecycle == TaskLifecycle.Pending)
        {
            var started = await catalog.ApplyAsync(task.Id, TaskEvent.Start, new TransitionDetails(time.GetUtcNow()), stopping);
            if (started?.After is null) return;
        }

        var isCanceling = current.Lifecycle == TaskLifecycle.Canceling;
        if (isCanceling) gate.Close();
        await EndAsync(current, await RunAsync(current, gate, isCanceling, stopping), stopping);
    }

    /// <summary>Removes the spools of tasks that ended just before their process died.</summary>
    /// <param name="unended">The tasks that have not ended, those that run among them.</param>
    public void RemoveSpoolsExcept(IReadOnlySet<TaskId> unended)
    {
        if (options.KeepFailures) return;
        foreach (var spool in new DirectoryInfo(options.WorkDirectory).EnumerateFiles("*.csv"))
        {
            if (TaskId.TryParse(Path.GetFileNameWithoutExtension(spool.Name), provider: null, out var taskId) && !unended.Contains(taskId)) spool.Delete();
        }
    }

    private async Task<Ended> RunAsync(
        RepositoryTask task, StartGate gate, bool isCanceling, CancellationToken stopping)
    {
        try
        {
            using var context = await OpenAsync(task, gate, isCanceling, stopping);
            using var runs = new TaskRuns(catalog, repositories, journal, budget, restores, options, time, logger);
            var run = await runs.MakeAsync(task, context, stopping);
            var broken = await TryRunAsync(task, run, context, isCanceling, stopping);
            var unreported = await WriteReportAsync(task, context, stopping);
            await SettleUploadsAsync(task, stopping);
            return new Ended(ReasonOf(context, broken, unreported), ProgressOf(task, context)) { KeepsFailures = unreported is not null };
        }
        catch (TaskFailedException e)
        {
            await SettleUploadsAsync(task, stopping);
            return new Ended(e.Message, null);
        }
        catch (OutOfMemoryException e)
        {
            RunFailed(logger, task.Id.Value, e);
            await SettleUploadsAsync(task, stopping);
            return new Ended("There is not enough memory for the task. Lower engine.bufferMiB or give the server more, then start the task again.", null);
        }
        catch (Exception e) when (IsOfTheTask(e))
        {
            RunFailed(logger, task.Id.Value, e);
            await SettleUploadsAsync(task, stopping);
            return new Ended(e.Message, null);
        }
    }

    /// <summary>Moves what there is to move. What failed until then is reported all the same where it can't be gone on with.</summary>
    /// <returns>Why it could not go on; null where it could.</returns>
    private async Task<string?> TryRunAsync(RepositoryTask task, ITaskRun run, TaskContext context, bool isCanceling, CancellationToken stopping)
    {
        try
        {
            if (isCanceling) await run.RecountAsync(stopping);
            else await RunAsync(run, context, stopping);
            if (task.Lifecycle == TaskLifecycle.Executing && context.IsStopped && context.Ledger.IsTrusted)
            {
                // The scan was cut short: what an earlier life did where it did not come to is counted now.
                context.Counters.ForgetDone();
                await run.RecountAsync(stopping);
            }

            return null;
        }
        catch (Exception e) when (e is TaskFailedException || IsOfTheTask(e))
        {
            RunFailed(logger, task.Id.Value, e);
            return e.Message;
        }
    }

    private static bool IsOfTheTask(Exception e) => e is PosixException or RepositoryException or IOException or UnauthorizedAccessException;

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

        try
        {
            return NewContext(task, gate, root, isCanceling);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    private TaskContext NewContext(RepositoryTask task, StartGate gate, GuardedRoot root, bool isCanceling)
    {
        var ledger = LedgerStore.Probe(root.Root);
        var spool = FailureSpool.Open(SpoolOf(task).FullName, keep: isCanceling);
        var context = new TaskContext
        {
            TaskId = task.Id,
            TaskTag = LedgerHashes.Tag(task.Id),
            EarlierStart = task.StartTime,
            Gate = gate,
            Files = root,
            Ledger = ledger,
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
        var progress = NewReporter().ReportAsync(context, ended.Token);
        try
        {
            await run.RunAsync(stopping);
        }
        finally
        {
            await ended.CancelOnCurrentSchedulerAsync();
            await progress;
        }
    }

    private ProgressReporter NewReporter() => new(catalog, options, time, logger);

    /// <returns>Why the report could not be written; null where it was, or none is wanted.</returns>
    private async Task<RepositoryException?> WriteReportAsync(RepositoryTask task, TaskContext context, CancellationToken stopping)
    {
        try
        {
            if (context.HasReport && context.Failures.Rows > 0) await NewReporter().WriteAsync(context, stopping);
            CrashPoint.Before(SideEffect.ReportWrite);
            await new CompletionReportWriter(repositories, journal, options).WriteAsync(task, context.Failures, stopping);
            CrashPoint.After(SideEffect.ReportWrite);
            return null;
        }
        catch (RepositoryException e)
        {
            ReportFailed(logger, task.Id.Value, UnreportedOf(task), e);
            return e;
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

    private static string? ReasonOf(TaskContext context, string? broken, RepositoryException? unreported)
    {
        if (context.Health.GiveUpReason is { } reason) return reason;
        var where = unreported is null
            ? "See the completion report."
            : $"The completion report could not be written; the server has its rows in its data directory. ({unreported.Message})";
        if (broken is not null) return unreported is null ? broken : $"{broken} {where}";
        var failed = context.Counters.Failed;
        if (failed == 0) return null;
        return $"The task failed to process {failed} {(failed == 1 ? "file" : "files")}. {where}";
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
    private async Task EndAsync(RepositoryTask task, Ended end, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var details = new TransitionDetails(time.GetUtcNow(), end.Reason is null ? null : Cut(end.Reason), end.Progress);
                var ending = end.Reason is null ? TaskEvent.Succeed : TaskEvent.Fail;
                var ended = await catalog.ApplyAsync(task.Id, ending, details, stopping);
                if (ended is { After: null, Before: TaskLifecycle.Canceling })
                    await catalog.ApplyAsync(task.Id, TaskEvent.Drain, details with { FailureMessage = null }, stopping);
                EndSpool(task, end.KeepsFailures);
                return;
            }
            catch (CatalogException e)
            {
                CatalogUnwritable(logger, task.Id.Value, e);
                await Task.Delay(CatalogRetry, time, stopping);
            }
        }
    }

    /// <summary>What was not reported is kept for whoever runs the server, beyond the next start.</summary>
    private void EndSpool(RepositoryTask task, bool isUnreported)
    {
        if (isUnreported) SpoolOf(task).MoveTo(UnreportedOf(task), overwrite: true);
        else if (!options.KeepFailures) RemoveSpool(task);
    }

    private void RemoveSpool(RepositoryTask task)
    {
        CrashPoint.Before(SideEffect.SpoolRemove);
        SpoolOf(task).Delete();
        CrashPoint.After(SideEffect.SpoolRemove);
    }

    private FileInfo SpoolOf(RepositoryTask task) => new(Path.Combine(options.WorkDirectory, $"{task.Id}.csv"));

    private string UnreportedOf(RepositoryTask task) => Path.Combine(options.WorkDirectory, $"{task.Id}.unreported.csv");

    // Smithy shape ErrorMessage: 1 to 256 characters.
    private static string Cut(string message) => message.Length <= 256 ? message : message[..255] + "…";

    [LoggerMessage(Level = LogLevel.Error, Message = "{TaskId}: the task could not go on")]
    private static partial void RunFailed(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(EventName = "S3CompletionReportUploadFailure", Level = LogLevel.Error, Message = "{TaskId}: the completion report could not be written; its rows stay in '{Path}'")]
    private static partial void ReportFailed(ILogger logger, string taskId, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{TaskId}: multipart uploads could not be aborted; trying again later")]
    private static partial void UploadsLeft(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{TaskId}: the catalog can't be written; trying again")]
    private static partial void CatalogUnwritable(ILogger logger, string taskId, Exception exception);

    /// <summary>How a run ended.</summary>
    /// <param name="Reason">Why the task failed; null where it did not.</param>
    /// <param name="Progress">Its counters; null where they stay as they are.</param>
    private sealed record Ended(string? Reason, TaskProgress? Progress)
    {
        /// <summary>Whether the rows of failed files are nowhere else.</summary>
        public bool KeepsFailures { get; init; }
    }
}
