namespace Sluice.Repositories;

/// <summary>A repository refused or could not answer.</summary>
/// <param name="code">From the bounded list.</param>
/// <param name="message">What happened: operation, bucket and key, status and the endpoint's own code.</param>
/// <param name="isTransient">Whether the same request may succeed later.</param>
/// <param name="innerException">The cause.</param>
public sealed class RepositoryException(
    RepositoryErrorCode code, string message, bool isTransient, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What kind of failure it is.</summary>
    public RepositoryErrorCode Code { get; } = code;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>How long the endpoint asks to wait, where it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Kinds of failure of a repository.</summary>
public enum RepositoryErrorCode
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>The credentials are missing or lack the right (403).</summary>
    AccessDenied,

    /// <summary>The credentials are not accepted at all: unknown, revoked, expired, or signed by a clock that is wrong.</summary>
    CredentialsRefused,

    /// <summary>No such object.</summary>
    NotFound,

    /// <summary>No such bucket.</summary>
    BucketNotFound,

    /// <summary>No such upload (any more).</summary>
    UploadNotFound,

    /// <summary>A condition of the request does not hold (412).</summary>
    PreconditionFailed,

    /// <summary>The content that arrived is not the content that was sent.</summary>
    ChecksumMismatch,

    /// <summary>Asked to slow down (503 SlowDown, 429).</summary>
    Throttled,

    /// <summary>No connection, time-out, or 5xx.</summary>
    Unavailable,

    /// <summary>The key can't be stored here (length, characters).</summary>
    KeyRefused,

    /// <summary>No space.</summary>
    Full,

    /// <summary>The request is refused as malformed (400) or not supported.</summary>
    Refused,
}
