using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Posix;

namespace Sluice.Engine.Runs;

/// <summary>
/// One life of one task: source → bounded channel → mover. Ends when the source is done and the channel empty, or as soon as the
/// last entry in flight is finished after the gate closed. Guarantees: every entry counted in Succeeded or Failed began; an entry that was refused by
/// the gate is counted in neither. Everything runs on the scheduler it is started on; for that the channels are read without ReadAllAsync, which does not.
/// </summary>
internal sealed partial class MoveRun<TEntry>(
    TaskContext context, IEntrySource<TEntry> source, IMover<TEntry> mover, EngineOptions options, ILogger logger) : ITaskRun
    where TEntry : IWorkEntry
{
    private const int BatchesAhead = 4;

    // The first failures of a task without a report that are told in the log for everybody to see.
    private const int FailuresTold = 20;

    private int _failuresToTell = context.HasReport ? 0 : FailuresTold;

    /// <summary>Entries in flight.</summary>
    public int Concurrency { get; init; } = options.Concurrency;

    /// <inheritdoc/>
    public Task RecountAsync(CancellationToken stopping) => source.RecountAsync(stopping);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        var batches = Channel.CreateBounded<List<TEntry>>(new BoundedChannelOptions(BatchesAhead));
        var entries = Channel.CreateBounded<TEntry>(new BoundedChannelOptions(Concurrency) { SingleWriter = true });
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] tasks =
        [
            GuardAsync(FindAsync(batches.Writer, failed.Token), failed),
            GuardAsync(SpreadAsync(batches.Reader, entries.Writer, failed.Token), failed),
            .. Enumerable.Range(0, Concurrency).Select(_ => GuardAsync(MoveAllAsync(entries.Reader, failed.Token, stopping), failed)),
        ];
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // One of them failed and took the others down: tell its reason, not theirs.
            await Task.WhenAll(tasks.Where(task => task.IsFaulted));
            throw;
        }
    }

    private async Task FindAsync(ChannelWriter<List<TEntry>> batches, CancellationToken cancellationToken)
    {
        // Walking makes system calls that may block; the caller goes on meanwhile.
        await Task.Yield();
        try
        {
            await source.FindAsync(batches, cancellationToken);
        }
        finally
        {
            batches.Complete();
        }
    }

    private static async Task SpreadAsync(ChannelReader<List<TEntry>> batches, ChannelWriter<TEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            while (await batches.WaitToReadAsync(cancellationToken))
            {
                while (batches.TryRead(out var batch))
                {
                    foreach (var entry in batch) await entries.WriteAsync(entry, cancellationToken);
                }
            }
        }
        finally
        {
            entries.Complete();
        }
    }

    private async Task MoveAllAsync(ChannelReader<TEntry> entries, CancellationToken ended, CancellationToken stopping)
    {
        while (await entries.WaitToReadAsync(ended))
        {
            while (entries.TryRead(out var entry))
            {
                // A stopped task empties the channel without beginning anything.
                if (!context.IsStopped) await MoveAsync(entry, stopping);
            }
        }
    }

    private async Task MoveAsync(TEntry entry, CancellationToken stopping)
    {
        var permit = context.Gate.NewPermit();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var onClosed = context.Gate.Closed.UnsafeRegister(
            static state =>
            {
                var (permit, waiting) = ((StartPermit, CancellationTokenSource))state!;

                // The gate is closed: what has not begun never will. What has begun is not disturbed.
                if (!permit.HasBegun) waiting.Cancel();
            },
            (permit, waiting));
        try
        {
            var result = await mover.MoveAsync(entry, permit, waiting.Token);
            Settle(entry, result, permit);
        }
        catch (StartRefusedException)
        {
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested && !permit.HasBegun)
        {
        }
    }

    private void Settle(TEntry entry, MoveResult result, StartPermit permit)
    {
        if (result.Kind is MoveKind.NothingToDo or MoveKind.Deferred) return;
        if (result.Kind is MoveKind.Done or MoveKind.Warned)
        {
            if (result.Kind == MoveKind.Warned) context.Failures.AddWarning(new FileFailure(entry.ReportPath, result.Code, result.Detail));
            context.Counters.Succeeded(entry.SizeBytes);
            context.Health.ReportSuccess();
            return;
        }

        // Failing counts as having begun, so it may not happen after a cancel either.
        if (!permit.TryBegin()) return;
        permit.Begun();
        if (!entry.IsCounted) context.Counters.Found(entry.SizeBytes);
        context.Failures.Add(new FileFailure(entry.ReportPath, result.Code, result.Detail));
        context.Counters.AddFailure();
        FileFailed(logger, context.TaskId.Value, result.Code, result.Detail);
        if (_failuresToTell <= 0 || Interlocked.Decrement(ref _failuresToTell) < 0 || !logger.IsEnabled(LogLevel.Warning)) return;
        var path = PathText.Of(entry.ReportPath.Span);
        FileFailedUnreported(logger, context.TaskId.Value, path, result.Code, result.Detail);
    }

    /// <summary>Where one of them fails no further file begins, and those in flight are finished as after a cancel: none is written once the task has ended.</summary>
    private async Task GuardAsync(Task task, CancellationTokenSource failed)
    {
        try
        {
            await task;
        }
        catch
        {
            context.Gate.Close();
            await failed.CancelOnCurrentSchedulerAsync();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{TaskId}: a file failed with {Code}: {Detail}")]
    private static partial void FileFailed(ILogger logger, string taskId, FailureCode code, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{TaskId} has no report: '{Path}' failed with {Code}: {Detail}")]
    private static partial void FileFailedUnreported(ILogger logger, string taskId, string path, FailureCode code, string detail);
}
