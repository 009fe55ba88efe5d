using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Engine.Scanning;

namespace Sluice.Engine.Runs;

/// <summary>
/// One life of one export: scanner → bounded channel → archivers. Ends when the scan is done and the channel empty, or as soon as the
/// last file in flight is finished after the gate closed. Guarantees: every entry counted in Succeeded or Failed began; an entry that was refused by
/// the gate is counted in neither.
/// </summary>
internal sealed partial class ExportRun(TaskContext context, FileSender sender, EngineOptions options, ILogger logger)
{
    private const int BatchesAhead = 4;

    /// <summary>Processes everything beneath <paramref name="starts"/>. <paramref name="stopping"/> means that the host stops: leave
    /// everything resumable.</summary>
    public async Task RunAsync(IReadOnlyList<ScanStart> starts, CancellationToken stopping)
    {
        var batches = Channel.CreateBounded<List<ScanEntry>>(new BoundedChannelOptions(BatchesAhead) { SingleWriter = true });
        var entries = Channel.CreateBounded<ScanEntry>(new BoundedChannelOptions(options.Concurrency) { SingleWriter = true });
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var archiver = new Archiver(context, sender);
        Task[] tasks =
        [
            GuardAsync(ScanAsync(starts, batches.Writer, failed.Token), failed),
            GuardAsync(SpreadAsync(batches.Reader, entries.Writer, failed.Token), failed),
            .. Enumerable.Range(0, options.Concurrency).Select(_ => GuardAsync(ArchiveAllAsync(archiver, entries.Reader, failed.Token), failed)),
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

    private async Task ScanAsync(IReadOnlyList<ScanStart> starts, ChannelWriter<List<ScanEntry>> batches, CancellationToken cancellationToken)
    {
        // Walking makes system calls that may block; the caller goes on meanwhile.
        await Task.Yield();
        try
        {
            await new TreeScanner(context).ScanAsync(starts, batches, cancellationToken);
        }
        finally
        {
            batches.Complete();
        }
    }

    private static async Task SpreadAsync(ChannelReader<List<ScanEntry>> batches, ChannelWriter<ScanEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in batches.ReadAllAsync(cancellationToken))
            {
                foreach (var entry in batch) await entries.WriteAsync(entry, cancellationToken);
            }
        }
        finally
        {
            entries.Complete();
        }
    }

    private async Task ArchiveAllAsync(Archiver archiver, ChannelReader<ScanEntry> entries, CancellationToken stopping)
    {
        await foreach (var entry in entries.ReadAllAsync(stopping))
        {
            // A stopped task empties the channel without beginning anything.
            if (!context.IsStopped) await ArchiveAsync(archiver, entry, stopping);
        }
    }

    private async Task ArchiveAsync(Archiver archiver, ScanEntry entry, CancellationToken stopping)
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
            var result = await archiver.ArchiveAsync(entry, permit, waiting.Token);
            Settle(entry, result, permit);
        }
        catch (StartRefusedException)
        {
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested && !permit.HasBegun)
        {
        }
    }

    private void Settle(ScanEntry entry, MoveResult result, StartPermit permit)
    {
        if (result.Kind == MoveKind.NothingToDo) return;
        if (result.Kind == MoveKind.Done)
        {
            context.Counters.Succeeded(entry.SizeBytes);
            context.Health.ReportSuccess();
            return;
        }

        // Failing counts as having begun, so it may not happen after a cancel either.
        if (!permit.TryBegin()) return;
        permit.Begun();
        if (!entry.IsCounted) context.Counters.Found(entry.SizeBytes);
        context.Failures.Add(new FileFailure(entry.Path, result.Code, result.Detail));
        context.Counters.AddFailure();
        FileFailed(logger, context.TaskId.Value, result.Code, result.Detail);
    }

    private static async Task GuardAsync(Task task, CancellationTokenSource failed)
    {
        try
        {
            await task;
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{TaskId}: a file failed with {Code}: {Detail}")]
    private static partial void FileFailed(ILogger logger, string taskId, FailureCode code, string detail);
}
