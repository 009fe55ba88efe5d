using System.Globalization;
using System.Net;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.S3;
using Sluice.Core.Tasks;
using Sluice.Repositories.S3.Http;

namespace Sluice.Repositories.S3;

/// <summary>Failures of S3 calls as <see cref="RepositoryException"/> (Amazon S3 API reference, "Error responses"). One table for all calls.</summary>
internal static class S3Errors
{
    private const int MaxErrorBytes = 16 << 10;

    /// <param name="e">What was thrown.</param>
    /// <param name="place">Bucket and endpoint, for people.</param>
    /// <param name="key">The key; null for requests on the bucket.</param>
    public static Exception Translate(Exception e, string place, string? key)
    {
        if (FindRefusal(e) is { } refused) return refused;
        var subject = Subject(place, key);
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

    /// <summary>The failure that an answer tells, whose content is S3's error document where there is one.</summary>
    public static async Task<RepositoryException> ReadAsync(S3Response response, string place, string key, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxErrorBytes];
        var length = await response.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var (code, message) = ("", "");
        try
        {
            using var stream = new MemoryStream(buffer, 0, length, writable: false);
            var document = XDocument.Load(stream).Root;
            code = document?.Elements().FirstOrDefault(element => element.Name.LocalName == "Code")?.Value ?? "";
            message = document?.Elements().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value ?? "";
        }
        catch (XmlException)
        {
            // A HEAD has no content, and a proxy's own page is not S3's.
        }

        var wait = int.TryParse(response.Head["retry-after"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return Make(code, (HttpStatusCode)response.Head.Status, message, Subject(place, key), inner: null, wait, response.IsOfWrongTime);
    }

    private static RepositoryException Translate(AmazonS3Exception e, string subject) => Make(e.ErrorCode ?? "", e.StatusCode, e.Message, subject, e);

    private static RepositoryException Make(
        string s3Code, HttpStatusCode status, string text, string subject, Exception? inner, TimeSpan? retryAfter = null, bool isOfWrongTime = false)
    {
        var (code, isTransient) = Classify(s3Code, status);
        var message = $"S3 answered {(int)status} {s3Code} for {subject}: {text}";
        return new RepositoryException(code, message, isTransient || isOfWrongTime, inner) { RetryAfter = retryAfter };
    }

    // Long messages are cut at their end: what is to be looked at comes first.
    private static string Subject(string place, string? key) => key is null ? place : $"{place}, key '{key}'";

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
