using Sluice.CommandLine.Output;
using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Client;

/// <summary>Follows a task that belongs to the command which started it: the first signal cancels the task, the second one stops waiting for its end.</summary>
internal sealed class StartedTask(CommandContext context, ServerClient server, Interruption interruption)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ProgressLine _line = new(context);
    private readonly TaskWatcher _watcher = new(context, server);

    /// <summary>Follows to the end.</summary>
    /// <returns>The task as it ended; null when a second signal came before.</returns>
    public async Task<DataRepositoryTask?> FollowAsync(string taskId, CancellationToken cancellationToken)
    {
        var isCanceled = false;
        try
        {
            while (true)
            {
                if (!isCanceled && interruption.First.IsCancellationRequested)
                {
                    isCanceled = true;
                    await CancelAsync(taskId, cancellationToken);
                }

                var task = await TaskDescriptions.FindAsync(server, taskId, cancellationToken);
                _line.Show(_watcher.SampleOf(task));
                if (task.EndTime is not null) return task;
                if (interruption.Second.IsCancellationRequested)
                {
                    _line.Say($"Stopped waiting; task {taskId} is {task.Lifecycle} and ends by itself. 'sluice task watch {taskId}' follows it.");
                    return null;
                }

                await PauseAsync(isCanceled ? interruption.Second : interruption.First, cancellationToken);
            }
        }
        finally
        {
            _line.Leave();
        }
    }

    private async Task CancelAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            await server.SendAsync(FsxOperations.CancelDataRepositoryTask, new CancelDataRepositoryTaskRequest { TaskId = taskId }, cancellationToken);
            _line.Say("Canceling: files in flight are finished, no other begins. Press Ctrl-C again to stop waiting for them.");
        }
        catch (FsxClientException e) when (e.Code == "DataRepositoryTaskEnded")
        {
            // It came to its end first.
        }
    }

    private async Task PauseAsync(CancellationToken signal, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signal, cancellationToken);
        try
        {
            await Task.Delay(Interval, context.Time, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A signal: acted on by the caller.
        }
    }
}
