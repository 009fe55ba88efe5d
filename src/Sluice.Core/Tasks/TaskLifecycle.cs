namespace Sluice.Core.Tasks;

/// <summary>State of a data repository task (Smithy enum <c>DataRepositoryTaskLifecycle</c>). Persisted and sent as its wire word.</summary>
public enum TaskLifecycle
{
    /// <summary>Accepted, not started; no file was touched.</summary>
    Pending,

    /// <summary>Being processed.</summary>
    Executing,

    /// <summary>A cancel was accepted; no new file begins, files in flight are being finished.</summary>
    Canceling,

    /// <summary>Ended by a cancel.</summary>
    Canceled,

    /// <summary>Ended, every file succeeded.</summary>
    Succeeded,

    /// <summary>Ended, a file failed or the task itself could not run.</summary>
    Failed,
}
