namespace Sluice.Core.Tasks;

/// <summary>Cancels without making the caller wait for what is registered: as <see cref="CancellationTokenSource.CancelAsync"/> does, but on the scheduler
/// the caller runs on, so that whoever brings a scheduler of its own decides about all that happens.</summary>
public static class ScheduledCancel
{
    /// <summary>Cancels soon. The task ends when all that was registered has been called; on a source that is disposed it does nothing.</summary>
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
