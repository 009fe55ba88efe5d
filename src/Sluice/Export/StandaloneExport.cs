using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Catalog.Sqlite;
using Sluice.CommandLine.Configuration;
using Sluice.CommandLine.Output;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Scheduling;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Resolving;

namespace Sluice.CommandLine.Export;

/// <summary>
/// One export by the engine in this process, with a catalog of its own.
/// <code>
/// check the bucket → task into the catalog → run; a run that was killed is gone on with
/// first signal:  cancel, by the contract of CancelDataRepositoryTask: what is in flight is finished, nothing else begins
/// second signal: stop, abort the open multipart uploads; only finished objects stay
/// </code>
/// </summary>
internal sealed class StandaloneExport(CommandContext context, RepositoryResolver resolver, EngineRule engine)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(30);

    private readonly TaskSignals _signals = new();
    private readonly ProgressLine _line = new(context);

    /// <summary>Runs the export to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ExportRequest request, string home, bool json, CancellationToken cancellationToken)
    {
        using var interruption = new Interruption();
        using var state = ExportState.Open(home, request);
        await CheckBucketAsync(request, interruption.First);
        FileSystemCalls.SetNoFileLimit();
        await using var catalog = SqliteCatalog.Open(state.Catalog);
        var (task, isResumed) = await new ExportTask(catalog, context.Time).PrepareAsync(request, cancellationToken);
        if (isResumed) _line.Say("Going on with the export that was interrupted.");
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new NoticeLogger(_line.Say)));
        var options = SettingsFactory.Engine(engine, state.WorkDirectory) with { ProgressInterval = Interval, KeepFailures = true };
        using var scheduler = new RepositoryTaskScheduler(catalog, resolver, new NoGuards("An export releases nothing."), _signals, options, context.Time, loggers);
        await scheduler.StartAsync(cancellationToken);
        try
        {
            task = await FollowAsync(catalog, task, interruption);
        }
        finally
        {
            await scheduler.StopAsync(CancellationToken.None);
        }

        if (!task.Lifecycle.IsEnded()) return await AbortAsync(scheduler, task, state);
        ExportSummary.Of(task, request, state.PublishFailures(task.Id.Value)).Print(context, json);
        return task.Lifecycle switch
        {
            TaskLifecycle.Succeeded => ExitCodes.Success,
            TaskLifecycle.Canceled => ExitCodes.Canceled,
            TaskLifecycle.Failed or TaskLifecycle.Pending or TaskLifecycle.Executing or TaskLifecycle.Canceling => ExitCodes.Failed,
        };
    }

    /// <summary>A bucket that is not there is one clear message, not a failure of each file.</summary>
    private async Task CheckBucketAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await resolver.Resolve(request.Target.Bucket).CheckAccessAsync(request.Target.Prefix, cancellationToken);
        }
        catch (RepositoryException e) when (e.Code == RepositoryErrorCode.BucketNotFound && Path.IsPathRooted(request.Endpoint))
        {
            throw new UsageException(
                $"There is no bucket '{request.Target.Bucket}': no S3 endpoint is set (--s3-endpoint, AWS_ENDPOINT_URL_S3, --config), "
                + $"and there is no directory '{request.Endpoint}'.");
        }
    }

    /// <summary>Follows the task to its end, or until a second signal.</summary>
    private async Task<RepositoryTask> FollowAsync(SqliteCatalog catalog, RepositoryTask task, Interruption interruption)
    {
        var isCanceled = false;
        while (true)
        {
            if (!isCanceled && interruption.First.IsCancellationRequested)
            {
                isCanceled = true;
                await CancelAsync(catalog, task);
            }

            task = await catalog.FindTaskAsync(task.Id, CancellationToken.None) ?? throw new InvalidOperationException("The task is gone from the catalog.");
            _line.Show(SampleOf(task));
            if (task.Lifecycle.IsEnded() || interruption.Second.IsCancellationRequested)
            {
                _line.Leave();
                return task;
            }

            try
            {
                await Task.Delay(Interval, context.Time, isCanceled ? interruption.Second : interruption.First);
            }
            catch (OperationCanceledException)
            {
                // A signal: acted on above.
            }
        }
    }

    private async Task CancelAsync(SqliteCatalog catalog, RepositoryTask task)
    {
        var details = new TransitionDetails(context.Time.GetUtcNow());
        if (await catalog.ApplyAsync(task.Id, TaskEvent.Cancel, details, CancellationToken.None) is not { After: TaskLifecycle.Canceling }) return;
        _signals.CloseGate(task.Id);
        _line.Say("Canceling: files in flight are finished, no other begins. Press Ctrl-C again to abort them.");
    }

    private async Task<int> AbortAsync(RepositoryTaskScheduler scheduler, RepositoryTask task, ExportState state)
    {
        using var limit = new CancellationTokenSource(AbortLimit, context.Time);
        try
        {
            await scheduler.AbandonAsync(task.Id, limit.Token);
            context.Error.WriteLine("Aborted: files in flight were dropped and nothing of them is left in the bucket. Run again to send the rest.");
        }
        catch (Exception e) when (e is RepositoryException or CatalogException or OperationCanceledException)
        {
            context.Error.WriteLine(
                $"Aborted, but an open multipart upload could not be removed ({e.Message}). Run the same command again: it removes it and sends the rest.");
        }

        if (state.PublishFailures(task.Id.Value) is { } failures) context.Error.WriteLine($"The failed files are listed in {Format.Name(failures)}");
        return ExitCodes.Interrupted;
    }

    private static ProgressSample SampleOf(RepositoryTask task)
    {
        var progress = task.Progress ?? default;
        return new ProgressSample(
            task.Lifecycle.ToString().ToUpperInvariant(), progress.SucceededCount, progress.FailedCount, progress.TotalCount,
            (progress.SucceededBytes, progress.TotalBytes));
    }
}
