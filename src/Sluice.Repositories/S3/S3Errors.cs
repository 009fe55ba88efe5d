using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Sluice.Core.Tasks;

namespace Sluice.Repositories.S3;

/// <summary>Failures of S3 calls as <see cref="RepositoryException"/> (Amazon S3 API reference, "Error responses"). One table for all calls.</summary>
internal static class S3Errors
{
    public static Exception Translate(Exception e, string bucket, string? key)
    {
        if (FindRefusal(e) is { } refused) return refused;
        var subject = key is null ? $"bucket '{bucket}'" : $"key '{key}' of bucket '{bucket}'";
        return e switch
        {
            AmazonS3Exception s3 => Translate(s3, subject),
            AmazonServiceException service when service.InnerException is not null and not AmazonServiceException =>
                Unavailable(service.InnerException, subject),
            AmazonServiceException service => Unavailable(service, subject),
            AmazonClientException client => client.InnerException is HttpRequestException or IOException
                ? Unavailable(client.InnerException, subject)
                : new RepositoryException(
                    RepositoryErrorCode.AccessDenied, $"No request could be made for {subject}: {client.Message}", isTransient: false, client),
            _ => Unavailable(e, subject),
        };
    }

    private static RepositoryException Translate(AmazonS3Exception e, string subject)
    {
        var (code, isTransient) = Classify(e.ErrorCode ?? "", e.StatusCode);
        var message = $"S3 answered {(int)e.StatusCode} {e.ErrorCode} for {subject}: {e.Message}";
        return new RepositoryException(code, message, isTransient, e);
    }

    private static (RepositoryErrorCode Code, bool IsTransient) Classify(string code, HttpStatusCode status) => code switch
    {
        "NoSuchKey" => (RepositoryErrorCode.NotFound, false),
        "NoSuchBucket" => (RepositoryErrorCode.BucketNotFound, false),
        "NoSuchUpload" => (RepositoryErrorCode.UploadNotFound, false),
        "PreconditionFailed" => (RepositoryErrorCode.PreconditionFailed, false),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" or "RequestTimeTooSkewed"
            or "AccountProblem" or "AllAccessDisabled" or "UserSuspended" => (RepositoryErrorCode.CredentialsRefused, false),
        "BadDigest" or "XAmzContentSHA256Mismatch" or "XAmzContentChecksumMismatch" => (RepositoryErrorCode.ChecksumMismatch, true),
        "SlowDown" or "TooManyRequests" or "RequestLimitExceeded" or "Throttling" or "ThrottlingException" => (RepositoryErrorCode.Throttled, true),
        "KeyTooLongError" or "InvalidObjectName" => (RepositoryErrorCode.KeyRefused, false),
        "QuotaExceeded" or "InsufficientCapacity" or "XMinioStorageFull" => (RepositoryErrorCode.Full, false),
        "RequestTimeout" or "OperationAborted" or "ConditionalRequestConflict" or "InternalError" or "ServiceUnavailable" =>
            (RepositoryErrorCode.Unavailable, true),
        _ => Classify(status),
    };

    private static (RepositoryErrorCode Code, bool IsTransient) Classify(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => (RepositoryErrorCode.CredentialsRefused, false),
        HttpStatusCode.Forbidden => (RepositoryErrorCode.AccessDenied, false),
        HttpStatusCode.NotFound => (RepositoryErrorCode.NotFound, false),
        HttpStatusCode.Conflict => (RepositoryErrorCode.Unavailable, true),
        HttpStatusCode.PreconditionFailed => (RepositoryErrorCode.PreconditionFailed, false),
        HttpStatusCode.TooManyRequests => (RepositoryErrorCode.Throttled, true),
        HttpStatusCode.InsufficientStorage => (RepositoryErrorCode.Full, false),
        >= HttpStatusCode.InternalServerError => (RepositoryErrorCode.Unavailable, true),
        >= HttpStatusCode.BadRequest => (RepositoryErrorCode.Refused, false),
        _ => (RepositoryErrorCode.Other, false),
    };

    private static RepositoryException Unavailable(Exception e, string subject) =>
        new(RepositoryErrorCode.Unavailable, $"The endpoint could not be reached for {subject}: {Reasons(e)}", isTransient: true, e);

    private static string Reasons(Exception e) =>
        e.InnerException is { } inner && inner.Message != e.Message ? string.Create(CultureInfo.InvariantCulture, $"{e.Message} ({inner.Message})") : e.Message;

    private static StartRefusedException? FindRefusal(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is StartRefusedException refused) return refused;
        }

        return null;
    }
}
