using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Tasks;

namespace Sluice.Engine.Runs;

/// <summary>Writes a running task's counters to the catalog at intervals, when they changed. A write that fails is only logged: the
/// ending row carries the exact values.</summary>
internal sealed partial class ProgressReporter(ICatalog catalog, EngineOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Reports until <paramref name="ended"/>.</summary>
    public async Task ReportAsync(TaskContext context, CancellationToken ended)
    {
        var written = default(TaskProgress);
        using var timer = new PeriodicTimer(options.ProgressInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                var now = context.Counters.Read();
                if (now == written) continue;
                written = now;
                await WriteAsync(context, now, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }

    /// <summary>Writes the counters as they are now: a report must not tell of more failures than the row does, whose task may not come so far in its next life.</summary>
    public Task WriteAsync(TaskContext context, CancellationToken cancellationToken) => WriteAsync(context, context.Counters.Read(), cancellationToken);

    private async Task WriteAsync(TaskContext context, TaskProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.RecordProgressAsync(context.TaskId, progress, time.GetUtcNow(), cancellationToken);
        }
        catch (CatalogException e)
        {
            NotWritten(logger, context.TaskId.Value, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{TaskId}: progress could not be written")]
    private static partial void NotWritten(ILogger logger, string taskId, Exception exception);
}
