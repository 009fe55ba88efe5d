namespace Sluice.Core.Tasks;

/// <summary>What the library does on threads of the pool, done on the scheduler the caller runs on: whoever brings a scheduler of its own decides about all that
/// happens.</summary>
public static class CurrentScheduler
{
    /// <summary>Waits for what others are doing, as <see cref="Task.WaitAsync(CancellationToken)"/> does.</summary>
    public static Task<T> WaitOnCurrentSchedulerAsync<T>(this Task<T> task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.ContinueWith(static done => done, cancellationToken, TaskContinuationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();
    }

    /// <summary>Cancels soon, without making the caller wait for what is registered, as <see cref="CancellationTokenSource.CancelAsync"/> does. The task ends when
    /// all that was registered has been called; on a source that is disposed it does nothing.</summary>
    public static Task CancelOnCurrentSchedulerAsync(this CancellationTokenSource source) => Task.Factory.StartNew(
        static state => Cancel((CancellationTokenSource)state!), source, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }
}
