using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Runs;

/// <summary>
/// Decides when a task gives up because every further file would fail the same way: the bucket is gone, the credentials
/// are not accepted, there is no space, or so many files in a row found the endpoint unreachable (each after all its retries). Files that
/// fail singly are rows of the report, not this.
/// </summary>
internal sealed class RepositoryHealth(int unavailableLimit)
{
    private string? _giveUpReason;
    private int _unavailableInARow;
    private int _fullInARow;

    /// <summary>Why the task can't go on and what to do about it; null while it can.</summary>
    public string? GiveUpReason => Volatile.Read(ref _giveUpReason);

    /// <summary>A file failed by the repository's fault.</summary>
    public void Report(RepositoryException failure)
    {
        if (failure.Code == RepositoryErrorCode.BucketNotFound)
            GiveUp("The bucket does not exist any more. Restore it, then start the task again.", failure);
        else if (failure.Code == RepositoryErrorCode.CredentialsRefused)
            GiveUp("The endpoint does not accept the credentials. Check them and this machine's clock, then start the task again.", failure);
        else if (failure.Code == RepositoryErrorCode.Full)
            GiveUp("The repository has no space left. Make room, then start the task again.", failure);
        else if (failure.Code == RepositoryErrorCode.Unavailable && Interlocked.Increment(ref _unavailableInARow) >= unavailableLimit)
            GiveUp("The repository can't be reached. Check its endpoint, then start the task again.", failure);
    }

    /// <summary>A file failed by the file system's fault.</summary>
    public void Report(PosixException failure)
    {
        if (failure.Errno is Errno.ENOSPC or Errno.EDQUOT && Interlocked.Increment(ref _fullInARow) >= unavailableLimit)
            GiveUp("The file system has no space left. Make room, then start the task again.", failure);
    }

    /// <summary>The repository can't be listed: what the task would have to do is not known.</summary>
    public void ReportUnlistable(RepositoryException failure) => GiveUp("The repository can't be listed.", failure);

    /// <summary>A file was done.</summary>
    public void ReportSuccess()
    {
        Volatile.Write(ref _unavailableInARow, 0);
        Volatile.Write(ref _fullInARow, 0);
    }

    private void GiveUp(string advice, Exception failure) =>
        Interlocked.CompareExchange(ref _giveUpReason, $"{advice} ({failure.Message})", null);
}
