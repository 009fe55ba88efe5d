using Sluice.CommandLine.Output;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Client;

/// <summary>Follows a task through the API.</summary>
internal sealed class TaskWatcher(CommandContext context, ServerClient server)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Prints a task for people.</summary>
    public static void Print(CommandContext context, DataRepositoryTask task)
    {
        var status = task.Status;
        Printer.Details(
            context, ("Id", task.TaskId), ("File system", task.FileSystemId), ("Type", task.Type), ("State", task.Lifecycle),
            ("Failure", task.FailureDetails?.Message), ("Paths", task.Paths is { Count: > 0 } paths ? string.Join(", ", paths) : "(all)"),
            ("Succeeded", status is null ? null : Format.Count(status.SucceededCount ?? 0)), ("Failed", status is null ? null : Format.Count(status.FailedCount ?? 0)),
            ("Found", status is null ? null : Format.Count(status.TotalCount ?? 0)), ("Created", Format.Time(task.CreationTime)),
            ("Started", Format.Time(task.StartTime)), ("Ended", Format.Time(task.EndTime)),
            ("Report", task.Report is { Enabled: true } report ? $"{report.Path!.TrimEnd('/')}/{task.TaskId}/{ReportName(task)} (if a file failed)" : null),
            ("Tags", Printer.Tags(task.Tags)));
    }

    /// <summary>Follows until the end, prints the task, and answers the exit code of its state. Ctrl-C ends only the following.</summary>
    public async Task<int> RunAsync(string taskId, bool json, CancellationToken cancellationToken)
    {
        using var interruption = new Interruption();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interruption.First);
        var line = new ProgressLine(context);
        try
        {
            var task = await FollowAsync(taskId, line, stop.Token);
            line.Leave();
            if (json) Printer.Json(context, task, FsxJsonContext.Default.DataRepositoryTask);
            else Print(context, task);
            return ExitCodeOf(task);
        }
        catch (OperationCanceledException) when (interruption.First.IsCancellationRequested)
        {
            line.Say($"Stopped watching; the task goes on. 'sluice task watch {taskId}' watches it again, 'sluice task cancel {taskId}' cancels it.");
            return ExitCodes.Interrupted;
        }
        finally
        {
            line.Leave();
        }
    }

    /// <summary>The exit code that tells how a task ended.</summary>
    public static int ExitCodeOf(DataRepositoryTask task) => task.Lifecycle switch
    {
        "SUCCEEDED" => ExitCodes.Success,
        "CANCELED" => ExitCodes.Canceled,
        _ => ExitCodes.Failed,
    };

    /// <summary>A sample for the progress line, of the task last described.</summary>
    public ProgressSample SampleOf(DataRepositoryTask task) => new(
        task.Lifecycle!, task.Status?.SucceededCount ?? 0, task.Status?.FailedCount ?? 0, task.Status?.TotalCount ?? 0, server.Bytes);

    private static string ReportName(DataRepositoryTask task) => task.Type == "IMPORT_METADATA_FROM_REPOSITORY" ? "report.csv" : "failures.csv";

    private async Task<DataRepositoryTask> FollowAsync(string taskId, ProgressLine line, CancellationToken cancellationToken)
    {
        while (true)
        {
            var task = await TaskDescriptions.FindAsync(server, taskId, cancellationToken);
            line.Show(SampleOf(task));
            if (task.EndTime is not null) return task;
            await Task.Delay(Interval, context.Time, cancellationToken);
        }
    }
}
