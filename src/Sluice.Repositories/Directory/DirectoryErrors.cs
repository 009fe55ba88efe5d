using Sluice.Posix;

namespace Sluice.Repositories.Directory;

/// <summary>Failures of the file system as <see cref="RepositoryException"/>.</summary>
internal static class DirectoryErrors
{
    public static RepositoryException Translate(Exception e, string bucket, string? key)
    {
        var (code, isTransient) = Classify(e);
        return new RepositoryException(code, $"The directory of bucket '{bucket}' failed{(key is null ? "" : $" for key '{key}'")}: {e.Message}", isTransient, e);
    }

    private static (RepositoryErrorCode Code, bool IsTransient) Classify(Exception e) => e switch
    {
        PosixException posix => Classify(posix.Errno),
        UnauthorizedAccessException => (RepositoryErrorCode.AccessDenied, false),
        PathTooLongException => (RepositoryErrorCode.KeyRefused, false),

        // .NET keeps errno in HResult where it has no exception of its own for it.
        IOException => Classify((Errno)(e.HResult & 0xFFFF)),
        _ => (RepositoryErrorCode.Other, false),
    };

    private static (RepositoryErrorCode Code, bool IsTransient) Classify(Errno errno) => errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT => (RepositoryErrorCode.Full, false),
        Errno.EACCES or Errno.EPERM or Errno.EROFS => (RepositoryErrorCode.AccessDenied, false),
        Errno.ENAMETOOLONG => (RepositoryErrorCode.KeyRefused, false),
        Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.EAGAIN => (RepositoryErrorCode.Throttled, true),
        Errno.EOPNOTSUPP => (RepositoryErrorCode.Refused, false),
        _ => (RepositoryErrorCode.Other, false),
    };
}
