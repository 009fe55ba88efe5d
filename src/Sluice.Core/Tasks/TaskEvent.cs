namespace Sluice.Core.Tasks;

/// <summary>What can happen to a task. <see cref="TaskTransitions.Next"/> says what follows.</summary>
public enum TaskEvent
{
    /// <summary>The scheduler takes the task from the queue.</summary>
    Start,

    /// <summary>A caller asks to cancel it.</summary>
    Cancel,

    /// <summary>Every file is processed and none failed.</summary>
    Succeed,

    /// <summary>Every file is processed and some failed, or the task can't run.</summary>
    Fail,

    /// <summary>After a cancel: the last file in flight is finished.</summary>
    Drain,
}
