using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Runs;

/// <summary>
/// Decides when a task gives up because every further file would fail the same way: the bucket is gone, the credentials
/// are not accepted, there is no space, or so many files in a row found the endpoint unreachable or asking for fewer requests (each after all its retries),
/// or the file system failing. Files that fail singly are rows of the report, not this.
/// </summary>
internal sealed class RepositoryHealth(int unavailableLimit)
{
    private string? _giveUpReason;
    private int _unavailableInARow;
    private int _fileSystemInARow;

    /// <summary>Why the task can't go on and what to do about it; null while it can.</summary>
    public string? GiveUpReason => Volatile.Read(ref _giveUpReason);

    /// <summary>A file failed by the repository's fault.</summary>
    public void Report(RepositoryException failure)
    {
        if (Advice(failure.Code) is not { } advice) return;
        var isPassing = failure.Code is RepositoryErrorCode.Unavailable or RepositoryErrorCode.Throttled;
        if (!isPassing || Interlocked.Increment(ref _unavailableInARow) >= unavailableLimit) GiveUp(advice, failure);
    }

    /// <summary>A file failed by the file system's fault.</summary>
    public void Report(PosixException failure)
    {
        if (failure.Errno == Errno.EROFS)
            GiveUp("The file system is read-only. Mount it so that it can be written, then start the task again.", failure);
        else if (Advice(failure.Errno) is { } advice && Interlocked.Increment(ref _fileSystemInARow) >= unavailableLimit)
            GiveUp(advice, failure);
    }

    /// <summary>The repository can't be listed: what the task would have to do is not known.</summary>
    public void ReportUnlistable(RepositoryException failure) => Interlocked.CompareExchange(ref _giveUpReason, Unlistable(failure), null);

    /// <summary>Why a task fails whose repository can't be listed, and what to do about it.</summary>
    public static string Unlistable(RepositoryException failure)
    {
        var advice = failure.Code is RepositoryErrorCode.BucketNotFound or RepositoryErrorCode.CredentialsRefused
            ? Advice(failure.Code)
            : $"The repository can't be listed. {Remedy(failure.Code)}, then start the task again.";
        return $"{advice} ({failure.Message})";
    }

    /// <summary>A file was done.</summary>
    public void ReportSuccess()
    {
        Volatile.Write(ref _unavailableInARow, 0);
        Volatile.Write(ref _fileSystemInARow, 0);
    }

    /// <summary>What is wrong with the repository as a whole and what to do about it; null where it may be the one file's fault.</summary>
    private static string? Advice(RepositoryErrorCode code) => code switch
    {
        RepositoryErrorCode.BucketNotFound => "The bucket does not exist any more. Restore it, then start the task again.",
        RepositoryErrorCode.CredentialsRefused => "The endpoint does not accept the credentials. Check them and this machine's clock, then start the task again.",
        RepositoryErrorCode.Full => "The repository has no space left. Make room, then start the task again.",
        RepositoryErrorCode.Unavailable => "The repository can't be reached. Check its endpoint, then start the task again.",
        RepositoryErrorCode.Throttled => "The repository asks for fewer requests. Lower engine.concurrency or wait, then start the task again.",
        RepositoryErrorCode.Other or RepositoryErrorCode.AccessDenied or RepositoryErrorCode.NotFound or RepositoryErrorCode.UploadNotFound
            or RepositoryErrorCode.PreconditionFailed or RepositoryErrorCode.ChecksumMismatch or RepositoryErrorCode.KeyRefused
            or RepositoryErrorCode.Refused => null,
    };

    private static string Remedy(RepositoryErrorCode code) => code switch
    {
        RepositoryErrorCode.AccessDenied => "Grant the right to list the bucket",
        RepositoryErrorCode.Throttled => "Wait a while",
        _ => "Check its endpoint",
    };

    private static string? Advice(Errno errno) => errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT => "The file system has no space left. Make room, then start the task again.",
        Errno.EIO => "The file system can't be read or written. Check its disk, then start the task again.",
        Errno.EMFILE or Errno.ENFILE => "There are no file descriptors left. Raise the limit (ulimit -n) or lower engine.concurrency, then start the task again.",
        _ => null,
    };

    private void GiveUp(string advice, Exception failure) =>
        Interlocked.CompareExchange(ref _giveUpReason, $"{advice} ({failure.Message})", null);
}
