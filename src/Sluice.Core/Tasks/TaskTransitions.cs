namespace Sluice.Core.Tasks;

/// <summary>
/// The life of a task as a pure, total function; the only place a lifecycle comes from.
/// <code>
/// PENDING → EXECUTING → SUCCEEDED | FAILED
/// PENDING | EXECUTING → CANCELING → CANCELED
/// </code>
/// It does not decide races: the catalog applies it as a compare-and-set on the task's row, so of two events
/// that meet one sees the other's result.
/// </summary>
public static class TaskTransitions
{
    /// <summary>The state after <paramref name="taskEvent"/>, or null where the event is not allowed in <paramref name="state"/>.
    /// Canceling a task that is canceling is allowed and changes nothing.</summary>
    public static TaskLifecycle? Next(TaskLifecycle state, TaskEvent taskEvent) => state switch
    {
        TaskLifecycle.Pending => taskEvent switch
        {
            TaskEvent.Start => TaskLifecycle.Executing,
            TaskEvent.Cancel => TaskLifecycle.Canceling,
            TaskEvent.Succeed or TaskEvent.Fail or TaskEvent.Drain => null,
        },
        TaskLifecycle.Executing => taskEvent switch
        {
            TaskEvent.Succeed => TaskLifecycle.Succeeded,
            TaskEvent.Fail => TaskLifecycle.Failed,
            TaskEvent.Cancel => TaskLifecycle.Canceling,
            TaskEvent.Start or TaskEvent.Drain => null,
        },
        TaskLifecycle.Canceling => taskEvent switch
        {
            TaskEvent.Cancel => TaskLifecycle.Canceling,
            TaskEvent.Drain => TaskLifecycle.Canceled,
            TaskEvent.Start or TaskEvent.Succeed or TaskEvent.Fail => null,
        },
        TaskLifecycle.Canceled or TaskLifecycle.Succeeded or TaskLifecycle.Failed => null,
    };

    /// <summary>Whether nothing follows: SUCCEEDED, FAILED or CANCELED.</summary>
    public static bool IsEnded(this TaskLifecycle state) =>
        state is TaskLifecycle.Canceled or TaskLifecycle.Succeeded or TaskLifecycle.Failed;
}
