namespace Sluice.Core.Files;

/// <summary>Why one file failed: the bounded list of the completion report (FSx for Lustre user guide, "failed tasks").</summary>
public enum FailureCode
{
    /// <summary>Anything else.</summary>
    InternalError,

    /// <summary>Larger than 5 TiB.</summary>
    FileSizeTooLarge,

    /// <summary>The key would be longer than 1,024 bytes.</summary>
    PathSizeTooLong,

    /// <summary>In use, or it changed while it was read.</summary>
    ResourceBusy,

    /// <summary>Release: the file was never exported.</summary>
    OperationNotPermitted,

    /// <summary>Release: the object is gone, so releasing would lose data.</summary>
    SourceObjectDeletedBeforeReleasing,

    /// <summary>The repository denies access.</summary>
    S3AccessDenied,

    /// <summary>Any other error of the repository.</summary>
    S3Error,

    /// <summary>The source vanished.</summary>
    S3FileDeleted,

    /// <summary>The object does not exist.</summary>
    S3ObjectNotFound,

    /// <summary>Import: the key is no POSIX path.</summary>
    S3ObjectPathNotPosixCompliant,

    /// <summary>Import: file and directory of one name.</summary>
    S3ObjectTypeMismatch,

    /// <summary>Import: archived storage class, imported with a warning.</summary>
    S3ObjectInUnsupportedTier,

    /// <summary>Import: a symlink in an archived storage class.</summary>
    S3SymlinkInUnsupportedTier,
}
