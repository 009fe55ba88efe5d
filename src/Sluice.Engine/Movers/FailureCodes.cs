using Sluice.Core.Files;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>Errors to the completion report's bounded list of codes.</summary>
internal static class FailureCodes
{
    /// <summary>A system call failed. A file that vanished or is in use is ResourceBusy: another client was at it.</summary>
    public static FailureCode Of(Errno errno) => errno switch
    {
        Errno.ENOENT or Errno.ESTALE or Errno.EBUSY or Errno.ETXTBSY or Errno.EAGAIN or Errno.ELOOP or Errno.ENOTDIR => FailureCode.ResourceBusy,
        _ => FailureCode.InternalError,
    };

    /// <summary>The repository refused.</summary>
    public static FailureCode Of(RepositoryErrorCode code) => code switch
    {
        RepositoryErrorCode.AccessDenied or RepositoryErrorCode.CredentialsRefused => FailureCode.S3AccessDenied,
        RepositoryErrorCode.KeyRefused => FailureCode.PathSizeTooLong,
        RepositoryErrorCode.NotFound => FailureCode.S3ObjectNotFound,
        RepositoryErrorCode.BucketNotFound or RepositoryErrorCode.UploadNotFound or RepositoryErrorCode.PreconditionFailed
            or RepositoryErrorCode.ChecksumMismatch or RepositoryErrorCode.Throttled or RepositoryErrorCode.Unavailable
            or RepositoryErrorCode.Full or RepositoryErrorCode.Refused or RepositoryErrorCode.Other => FailureCode.S3Error,
    };
}
