using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Catalog.Sqlite;
using Sluice.CommandLine.Configuration;
using Sluice.CommandLine.Output;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine.Scheduling;
using Sluice.Posix;
using Sluice.Repositories.Resolving;

namespace Sluice.CommandLine;

/// <summary>
/// One export by the engine in this process, with a catalog of its own for source and target (it keeps the journal of multipart uploads, so that
/// a killed run leaves nothing behind). A run that was killed is gone on with.
/// </summary>
internal sealed class StandaloneExport(
    CommandContext context, string source, string target, string stateHome, RepositoryOptions repositories, EngineRule engine)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TaskSignals _signals = new();

    /// <summary>Where journals are kept.</summary>
    public static string DefaultState(CommandContext context) => Path.Combine(
        context.Variable("XDG_STATE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"), "sluice");

    /// <summary>Runs the export to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        var directory = StateDirectory();
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FileSystemCalls.SetNoFileLimit();
        using var directoryLock = DataDirectoryLock.TryAcquire(Path.Combine(directory, "lock"))
            ?? throw new UsageException($"'{source}' is being exported to '{target}' by another process.");
        await using var catalog = SqliteCatalog.Open(Path.Combine(directory, "catalog.db"));
        using var resolver = new RepositoryResolver(repositories, context.Time);
        var task = await PrepareAsync(catalog, cancellationToken);
        using var loggers = LoggerFactory.Create(Commands.ServeCommand.Log);
        var options = SettingsFactory.Engine(engine, Path.Combine(directory, "tasks")) with { ProgressInterval = Interval };
        using var scheduler = new RepositoryTaskScheduler(catalog, resolver, _signals, options, context.Time, loggers);
        await scheduler.StartAsync(cancellationToken);
        try
        {
            var ended = await FollowAsync(catalog, task.Id, cancellationToken);
            return Report(ended, json, Path.Combine(directory, "failures.csv"));
        }
        finally
        {
            await scheduler.StopAsync(CancellationToken.None);
        }
    }

    private string StateDirectory()
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\0{target}")).AsSpan(0, 8));
        return Path.Combine(stateHome, "exports", name);
    }

    /// <summary>The task to run: the one that a killed process left, or a new one.</summary>
    private async Task<RepositoryTask> PrepareAsync(SqliteCatalog catalog, CancellationToken cancellationToken)
    {
        var ids = new RandomIdSource();
        var now = context.Time.GetUtcNow();
        var unended = await catalog.ListUnendedTasksAsync(cancellationToken);
        if (unended.Count > 0)
        {
            context.Error.WriteLine("Going on with the export that was interrupted.");
            return unended[0];
        }

        var known = await catalog.ListFileSystemsAsync(after: null, limit: 1, cancellationToken);
        var fileSystemId = known.Count > 0 ? known[0].Id : ids.NewFileSystemId();
        if (known.Count == 0)
        {
            var fileSystem = new FileSystem
            {
                Id = fileSystemId, Lifecycle = FileSystemLifecycle.Available, RootPath = source, Adopted = true, Settings = "{}", CreationTime = now,
            };
            await catalog.TryAddFileSystemAsync(fileSystem, token: null, cancellationToken);
        }

        if ((await catalog.ListAssociationsAsync(new AssociationFilter(), after: null, limit: 1, cancellationToken)).Count == 0)
        {
            var association = new DataRepositoryAssociation
            {
                Id = ids.NewAssociationId(), FileSystemId = fileSystemId, Lifecycle = AssociationLifecycle.Available, FileSystemPath = "/",
                DataRepositoryPath = target, BatchImportMetaDataOnCreate = false, ImportedFileChunkSizeMiB = 1024, CreationTime = now,
            };
            await catalog.TryAddAssociationAsync(association, token: null, cancellationToken);
        }

        var task = new RepositoryTask
        {
            Id = ids.NewTaskId(), FileSystemId = fileSystemId, Type = TaskType.Export, Lifecycle = TaskLifecycle.Pending, Paths = [],
            Report = new CompletionReport { Enabled = false }, CreationTime = now,
        };
        await catalog.TryAddTaskAsync(task, token: null, cancellationToken);
        return task;
    }

    private async Task<RepositoryTask> FollowAsync(SqliteCatalog catalog, TaskId taskId, CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var interrupts = 0;
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        var line = new ProgressLine(context);
        var canceled = false;
        while (true)
        {
            if (Volatile.Read(ref interrupts) > 0 && !canceled)
            {
                canceled = true;
                await catalog.ApplyAsync(taskId, TaskEvent.Cancel, new TransitionDetails(context.Time.GetUtcNow()), CancellationToken.None);
                _signals.CloseGate(taskId);
                context.Error.WriteLine("\nCanceling: files in flight are finished, no other begins. Press Ctrl-C again to abort them.");
            }

            var task = await catalog.FindTaskAsync(taskId, CancellationToken.None) ?? throw new InvalidOperationException("The task is gone.");
            var sample = SampleOf(task);
            line.Show(sample);
            if (task.EndTime is not null)
            {
                line.End(sample);
                return task;
            }

            try
            {
                await Task.Delay(Interval, context.Time, abort.Token);
            }
            catch (OperationCanceledException)
            {
                context.Error.WriteLine("\nAborted. Run the same command again: it cleans up what was in flight and sends only the rest.");
                throw;
            }
        }

        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (Interlocked.Increment(ref interrupts) > 1) abort.Cancel();
        }
    }

    private int Report(RepositoryTask task, bool json, string failures)
    {
        var progress = task.Progress ?? default;
        if (json)
        {
            var wire = new Protocol.Shapes.DataRepositoryTask
            {
                TaskId = task.Id.Value, Lifecycle = task.Lifecycle.ToString().ToUpperInvariant(), Type = "EXPORT_TO_REPOSITORY",
                CreationTime = task.CreationTime, StartTime = task.StartTime, EndTime = task.EndTime,
                FailureDetails = task.FailureMessage is null ? null : new Protocol.Shapes.DataRepositoryTaskFailureDetails { Message = task.FailureMessage },
                Status = new Protocol.Shapes.DataRepositoryTaskStatus
                {
                    TotalCount = progress.TotalCount, SucceededCount = progress.SucceededCount, FailedCount = progress.FailedCount,
                    LastUpdatedTime = task.ProgressTime,
                },
            };
            Printer.Json(context, wire, Protocol.Shapes.FsxJsonContext.Default.DataRepositoryTask);
        }
        else
        {
            context.Out.WriteLine(
                $"{task.Lifecycle.ToString().ToUpperInvariant()}: {Format.Count(progress.SucceededCount)} exported, {Format.Count(progress.FailedCount)} failed, "
                + $"{Format.Bytes(progress.SucceededBytes)} in {Format.Span((task.EndTime - task.StartTime) ?? default)}");
            if (task.FailureMessage is { } message) context.Error.WriteLine(message.Replace("See the completion report.", $"They are listed in {failures}.", StringComparison.Ordinal));
        }

        return task.Lifecycle switch
        {
            TaskLifecycle.Succeeded => ExitCodes.Success,
            TaskLifecycle.Canceled => ExitCodes.Canceled,
            TaskLifecycle.Failed or TaskLifecycle.Pending or TaskLifecycle.Executing or TaskLifecycle.Canceling => ExitCodes.Failed,
        };
    }

    private static ProgressSample SampleOf(RepositoryTask task)
    {
        var progress = task.Progress ?? default;
        return new ProgressSample(
            task.Lifecycle.ToString().ToUpperInvariant(), progress.SucceededCount, progress.FailedCount, progress.TotalCount,
            progress.SucceededBytes, progress.TotalBytes);
    }
}
