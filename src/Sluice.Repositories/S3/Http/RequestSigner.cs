using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;

namespace Sluice.Repositories.S3.Http;

/// <summary>Signs S3 requests by AWS Signature Version 4 ("Authenticating Requests: Using the Authorization Header" of the S3 API reference). The key of a
/// day is derived once. Safe for concurrent use.</summary>
internal sealed class RequestSigner(AWSCredentials credentials, string region, TimeProvider clock)
{
    /// <summary>Stands for the hash of a content that is not signed.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Hash of no content.</summary>
    public const string EmptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const int HashBytes = 32;

    // Endpoints refuse requests whose time differs from theirs by a quarter of an hour.
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(5);

    private volatile DayKey? _key;
    private long _skewTicks;

    /// <summary>Adds date, content hash, token and authorization to <paramref name="headers"/>, which have every other header already.</summary>
    /// <param name="method">GET, HEAD, PUT.</param>
    /// <param name="path">Path as it is sent.</param>
    /// <param name="query">Query as it is sent, parameters sorted; empty for none.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="payloadHash">Hex SHA-256 of the content, or <see cref="UnsignedPayload"/>.</param>
    /// <returns>The time it is signed with.</returns>
    public async ValueTask<DateTimeOffset> SignAsync(string method, string path, string query, RequestHeaders headers, string payloadHash)
    {
        var secret = await credentials.GetCredentialsAsync();
        var time = clock.GetUtcNow().AddTicks(Volatile.Read(ref _skewTicks));
        var now = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        headers.Add("x-amz-content-sha256", payloadHash);
        headers.Add("x-amz-date", now);
        headers.Add("x-amz-security-token", secret.UseToken ? secret.Token : null);
        headers.Add("authorization", Authorize(secret, now, method, path, query, headers, payloadHash));
        return time;
    }

    /// <summary>Takes the endpoint's time for the right one, where it differs so much that this may be why a request was refused.</summary>
    /// <param name="signed">The time the request was signed with.</param>
    /// <param name="date">Date of its answer.</param>
    /// <returns>Whether the same request is signed with another time from now on.</returns>
    public bool SetClock(DateTimeOffset signed, string? date)
    {
        if (!DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var theirs)) return false;
        if ((theirs - signed).Duration() < LargestSkew) return false;
        Volatile.Write(ref _skewTicks, (theirs - clock.GetUtcNow()).Ticks);
        return true;
    }

    private string Authorize(
        ImmutableCredentials secret, string now, string method, string path, string query, RequestHeaders headers, string payloadHash)
    {
        var names = new StringBuilder(128);
        var canonical = new StringBuilder(1024).Append(method).Append('\n').Append(path).Append('\n').Append(query).Append('\n');
        foreach (var (name, value) in headers.Sorted)
        {
            canonical.Append(name).Append(':').Append(value.AsSpan().Trim(' ')).Append('\n');
            if (names.Length > 0) names.Append(';');
            names.Append(name);
        }

        canonical.Append('\n').Append(names).Append('\n').Append(payloadHash);
        var key = KeyOf(secret, now[..8]);
        Span<byte> hash = stackalloc byte[HashBytes];
        Hash(canonical, hash);
        Span<byte> signature = stackalloc byte[HashBytes];
        HMACSHA256.HashData(key.Bytes, Encoding.ASCII.GetBytes($"{Algorithm}\n{now}\n{key.Scope}\n{Convert.ToHexStringLower(hash)}"), signature);
        return $"{Algorithm} Credential={secret.AccessKey}/{key.Scope},SignedHeaders={names},Signature={Convert.ToHexStringLower(signature)}";
    }

    private DayKey KeyOf(ImmutableCredentials secret, string date)
    {
        if (_key is { } known && known.Date == date && known.Secret == secret.SecretKey) return known;
        var bytes = Encoding.UTF8.GetBytes("AWS4" + secret.SecretKey);
        foreach (var part in (ReadOnlySpan<string>)[date, region, "s3", "aws4_request"]) bytes = HMACSHA256.HashData(bytes, Encoding.UTF8.GetBytes(part));
        return _key = new DayKey(date, secret.SecretKey, $"{date}/{region}/s3/aws4_request", bytes);
    }

    private static void Hash(StringBuilder text, Span<byte> hash)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var length = 0;
            foreach (var chunk in text.GetChunks()) length += Encoding.UTF8.GetBytes(chunk.Span, buffer.AsSpan(length));
            _ = SHA256.HashData(buffer.AsSpan(0, length), hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed record DayKey(string Date, string Secret, string Scope, byte[] Bytes);
}
