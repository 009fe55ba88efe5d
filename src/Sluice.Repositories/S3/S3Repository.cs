using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Core.Tasks;
using Sluice.Repositories.Checksums;
using Sluice.Repositories.S3.Http;

namespace Sluice.Repositories.S3;

/// <summary>
/// A bucket at an S3 endpoint: puts, heads and gets over connections of our own, everything else through AWSSDK.S3. Retries are not its business. What an
/// endpoint can do is found out, not assumed (<see cref="EndpointChecks"/>): a put carries CRC-64/NVME and Content-MD5 until the endpoint proves, by answering
/// with the checksum, that it verifies the former, or that it verifies the signed hash. Where only the MD5 is left, an ETag of MD5's form is compared as well.
/// </summary>
public sealed class S3Repository : IObjectRepository
{
    private const long MaxCopyBytes = 5L << 30;
    private const long CopyPartBytes = 1L << 30;
    private const string MetadataPrefix = "x-amz-meta-";
    private const string ChecksumHeader = "x-amz-checksum-crc64nvme";

    private readonly IAmazonS3 _client;
    private readonly S3HttpClient _http;

    private readonly EndpointChecks _checks;

    // For messages.
    private readonly string _place;

    internal S3Repository(string bucket, S3Access access)
    {
        (Bucket, _client, _http, _place) = (bucket, access.Sdk, access.HttpClient(bucket), $"bucket '{bucket}' at {access.Name}");
        _checks = new EndpointChecks(isHashSigned: !_http.IsEncrypted);
    }

    /// <inheritdoc/>
    public string Bucket { get; }

    /// <inheritdoc/>
    public bool IsRemote => true;

    /// <inheritdoc/>
    public async Task CheckAccessAsync(string prefix, CancellationToken cancellationToken)
    {
        await CallAsync(null, () => _client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix, MaxKeys = 1 }, cancellationToken));

        // Creating a multipart upload needs the right to put, and aborted it leaves nothing, not even a version.
        var key = prefix + ".sluice-access-check";
        var created = await CreateUploadAsync(
            key, new ObjectMetadata { User = new Dictionary<string, string>() }, StartPermit.Unrestricted, cancellationToken);
        await AbortUploadAsync(new MultipartUpload(key, created.UploadId), CancellationToken.None);
        await AbortLostChecksAsync(key);
    }

    /// <inheritdoc/>
    public async Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        var headers = new RequestHeaders();
        headers.Add("x-amz-checksum-mode", "ENABLED");
        try
        {
            await using var response = await AskAsync("HEAD", key, headers, cancellationToken);
            return HeadOf(response.Head);
        }
        catch (RepositoryException e) when (e.Code == RepositoryErrorCode.NotFound)
        {
            return null;
        }
        catch (RepositoryException e) when (e.Code is RepositoryErrorCode.Refused or RepositoryErrorCode.AccessDenied)
        {
            // The answer to a HEAD has no content that says why; that to a GET has.
            await ProbeAsync(key, cancellationToken);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken)
    {
        CheckKey(request.Key);
        if (Crc64Nvme.Hash(request.Content.Span) != request.Checksum) throw Mismatch(request.Key);
        var headers = new RequestHeaders();
        headers.Add("content-type", request.Metadata.ContentType.Length == 0 ? null : request.Metadata.ContentType);
        foreach (var (name, value) in request.Metadata.User) headers.Add(MetadataPrefix + name, value);
        var (response, version) = await PutAsync(request.Key, "", headers, request.Content, request.Checksum, permit, cancellationToken);
        return new PutResult(response, version);
    }

    /// <inheritdoc/>
    public async Task<PutResult> CopyAsync(
        string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken)
    {
        CheckKey(key);
        var head = await HeadAsync(sourceKey, cancellationToken)
            ?? throw new RepositoryException(RepositoryErrorCode.NotFound, $"The object '{sourceKey}' does not exist.", isTransient: false);

        // Not every endpoint heeds the condition of a copy onto itself.
        if (head.ETag != expectedETag)
            throw new RepositoryException(RepositoryErrorCode.PreconditionFailed, $"The object '{sourceKey}' is not the expected one.", isTransient: false);
        if (head.SizeBytes > MaxCopyBytes) return await CopyInPartsAsync(sourceKey, head, key, metadata, permit, cancellationToken);
        var copy = new CopyObjectRequest
        {
            SourceBucket = Bucket,
            SourceKey = sourceKey,
            DestinationBucket = Bucket,
            DestinationKey = key,
            ETagToMatch = $"\"{expectedETag}\"",
            MetadataDirective = S3MetadataDirective.REPLACE,
            ContentType = metadata.ContentType,
        };
        Fill(copy.Metadata, metadata);
        var response = await CallAsync(key, permit, () => _client.CopyObjectAsync(copy, cancellationToken));
        return new PutResult(Unquote(response.ETag), response.VersionId);
    }

    /// <inheritdoc/>
    public async Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken)
    {
        CheckKey(key);
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = Bucket,
            Key = key,
            ContentType = metadata.ContentType,
            ChecksumAlgorithm = ChecksumAlgorithm.CRC64NVME,
            ChecksumType = ChecksumType.FULL_OBJECT,
        };
        Fill(request.Metadata, metadata);
        var response = await CallAsync(key, permit, () => _client.InitiateMultipartUploadAsync(request, cancellationToken));
        return new CreatedUpload(response.UploadId);
    }

    /// <inheritdoc/>
    public async Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken)
    {
        if (Crc64Nvme.Hash(request.Content.Span) != request.Checksum) throw Mismatch(request.Upload.Key);
        var query = $"partNumber={request.PartNumber}&uploadId={Uri.EscapeDataString(request.Upload.UploadId)}";
        var (etag, _) = await PutAsync(
            request.Upload.Key, query, new RequestHeaders(), request.Content, request.Checksum, StartPermit.Unrestricted, cancellationToken);
        return new UploadedPart(request.PartNumber, etag, request.Content.Length, request.Checksum);
    }

    /// <inheritdoc/>
    public async Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken)
    {
        var complete = new CompleteMultipartUploadRequest
        {
            BucketName = Bucket,
            Key = upload.Key,
            UploadId = upload.UploadId,
            PartETags = [.. parts.Select(part => new PartETag(part.PartNumber, $"\"{part.ETag}\""))],
        };
        if (_checks.StoresChecksum)
        {
            complete.ChecksumCRC64NVME = FormatChecksum(checksum);
            complete.ChecksumType = ChecksumType.FULL_OBJECT;
        }

        try
        {
            var response = await CallAsync(upload.Key, () => _client.CompleteMultipartUploadAsync(complete, cancellationToken));
            if (ParseChecksum(response.ChecksumCRC64NVME) is { } stored && stored != checksum) throw Mismatch(upload.Key);
            if (Unquote(response.ETag) is { Length: > 0 } etag) return new PutResult(etag, response.VersionId);
        }
        catch (RepositoryException e) when (e.Code == RepositoryErrorCode.Unavailable)
        {
            // Ceph's gateway: 500 "completion is already in progress" for an upload that is gone.
            if (await IsKnownAsync(upload, cancellationToken)) throw;
            return await FindCompletedAsync(upload.Key, parts, checksum, cancellationToken)
                ?? throw new RepositoryException(RepositoryErrorCode.UploadNotFound, e.Message, isTransient: false, e);
        }
        catch (RepositoryException e) when (e.Code == RepositoryErrorCode.UploadNotFound)
        {
            // Completed before and only the answer lost? The object tells.
            return await FindCompletedAsync(upload.Key, parts, checksum, cancellationToken) ?? throw new RepositoryException(e.Code, e.Message, e.IsTransient, e);
        }

        // Some endpoints answer without an ETag.
        return await FindCompletedAsync(upload.Key, parts, checksum, cancellationToken) ?? throw Mismatch(upload.Key);
    }

    /// <inheritdoc/>
    public async Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        // A part in flight may arrive after an abort: only a listing that no longer knows the upload proves that all is gone.
        for (var attempt = 0; attempt < 10; attempt++)
        {
            try
            {
                await CallAsync(upload.Key, () => _client.AbortMultipartUploadAsync(Bucket, upload.Key, upload.UploadId, cancellationToken));
                await CallAsync(upload.Key, () => _client.ListPartsAsync(Bucket, upload.Key, upload.UploadId, cancellationToken));
            }
            catch (RepositoryException e) when (e.Code is RepositoryErrorCode.UploadNotFound or RepositoryErrorCode.NotFound)
            {
                return;
            }
        }

        throw new RepositoryException(RepositoryErrorCode.Other, $"The multipart upload of '{upload.Key}' is still there after ten aborts.", isTransient: true);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListPartsRequest { BucketName = Bucket, Key = upload.Key, UploadId = upload.UploadId };
        while (true)
        {
            ListPartsResponse response;
            try
            {
                response = await CallAsync(upload.Key, () => _client.ListPartsAsync(request, cancellationToken));
            }
            catch (RepositoryException e) when (e.Code is RepositoryErrorCode.UploadNotFound or RepositoryErrorCode.NotFound)
            {
                yield break;
            }

            foreach (var part in response.Parts ?? [])
                yield return new UploadedPart(part.PartNumber ?? 0, Unquote(part.ETag), part.Size ?? 0, ParseChecksum(part.ChecksumCRC64NVME));
            if (response.IsTruncated != true) yield break;
            request.PartNumberMarker = response.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = keyPrefix, Encoding = EncodingType.Url };
        while (true)
        {
            var response = await CallAsync(null, () => _client.ListMultipartUploadsAsync(request, cancellationToken));
            foreach (var upload in response.MultipartUploads ?? [])
            {
                var initiated = new DateTimeOffset(upload.Initiated?.ToUniversalTime() ?? DateTime.UnixEpoch, TimeSpan.Zero);
                yield return new ListedUpload(new MultipartUpload(DecodeKey(upload.Key), upload.UploadId), initiated);
            }

            if (response.IsTruncated != true) yield break;
            (request.KeyMarker, request.UploadIdMarker) = (DecodeKey(response.NextKeyMarker), response.NextUploadIdMarker);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // URL encoding lets keys through that XML can't carry.
        var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix, StartAfter = startAfter, Encoding = EncodingType.Url };
        while (true)
        {
            var response = await CallAsync(null, () => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (var item in response.S3Objects ?? [])
            {
                var modified = new DateTimeOffset(item.LastModified?.ToUniversalTime() ?? DateTime.UnixEpoch, TimeSpan.Zero);
                var storageClass = item.StorageClass?.Value is "STANDARD" or "" ? null : item.StorageClass?.Value;
                yield return new ListedObject(DecodeKey(item.Key), item.Size ?? 0, Unquote(item.ETag), modified, storageClass);
            }

            if (response.IsTruncated != true) yield break;
            request.ContinuationToken = response.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix, StartAfter = startAfter, Delimiter = "/", Encoding = EncodingType.Url };
        while (true)
        {
            var response = await CallAsync(null, () => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (var common in response.CommonPrefixes ?? []) yield return DecodeKey(common);
            if (response.IsTruncated != true) yield break;
            request.ContinuationToken = response.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken)
    {
        ByteRanges.Check(offset, length);
        var isWhole = offset == 0 && length is null;
        var headers = new RequestHeaders();
        headers.Add("if-match", expectedETag is null ? null : $"\"{expectedETag}\"");
        headers.Add("range", isWhole ? null : string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{offset + length - 1}"));
        headers.Add("x-amz-checksum-mode", isWhole ? "ENABLED" : null);
        var response = await AskAsync("GET", key, headers, cancellationToken);
        var head = HeadOf(response.Head);

        // Some endpoints answer with the checksum of the range, or of the whole, to any range.
        return new ObjectContent(isWhole ? head : head with { Checksum = null }, response.Content);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        CallAsync(key, () => _client.DeleteObjectAsync(Bucket, key, cancellationToken));

    /// <summary>Uploads of earlier checks, whose answers were lost.</summary>
    private async Task AbortLostChecksAsync(string key)
    {
        try
        {
            await foreach (var listed in ListUploadsAsync(key, CancellationToken.None))
            {
                if (listed.Upload.Key == key) await AbortUploadAsync(listed.Upload, CancellationToken.None);
            }
        }
        catch (RepositoryException e) when (e.Code == RepositoryErrorCode.AccessDenied)
        {
            // Exports do without the right to list uploads, too.
        }
    }

    private async Task<PutResult> CopyInPartsAsync(
        string sourceKey, ObjectHead source, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken)
    {
        var created = await CreateUploadAsync(key, metadata, permit, cancellationToken);
        var upload = new MultipartUpload(key, created.UploadId);
        try
        {
            var etags = new List<PartETag>();
            for (long offset = 0; offset < source.SizeBytes; offset += CopyPartBytes)
            {
                var part = new CopyPartRequest
                {
                    SourceBucket = Bucket,
                    SourceKey = sourceKey,
                    DestinationBucket = Bucket,
                    DestinationKey = key,
                    UploadId = upload.UploadId,
                    PartNumber = etags.Count + 1,
                    FirstByte = offset,
                    LastByte = Math.Min(offset + CopyPartBytes, source.SizeBytes) - 1,
                    ETagToMatch = [$"\"{source.ETag}\""],
                };
                var copied = await CallAsync(key, () => _client.CopyPartAsync(part, cancellationToken));
                etags.Add(new PartETag(part.PartNumber ?? 0, copied.ETag));
            }

            var complete = new CompleteMultipartUploadRequest { BucketName = Bucket, Key = key, UploadId = upload.UploadId, PartETags = etags };
            var response = await CallAsync(key, () => _client.CompleteMultipartUploadAsync(complete, cancellationToken));
            return Unquote(response.ETag) is { Length: > 0 } etag
                ? new PutResult(etag, response.VersionId)
                : new PutResult((await HeadAsync(key, cancellationToken))!.ETag, response.VersionId);
        }
        catch
        {
            await AbortUploadAsync(upload, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Asks for the first byte of an object, for the sake of the error.</summary>
    private async Task ProbeAsync(string key, CancellationToken cancellationToken)
    {
        var headers = new RequestHeaders();
        headers.Add("range", "bytes=0-0");
        try
        {
            await using var response = await AskAsync("GET", key, headers, cancellationToken);
        }
        catch (RepositoryException e) when (e.Code is not (RepositoryErrorCode.CredentialsRefused or RepositoryErrorCode.BucketNotFound) && !e.IsTransient)
        {
            // Nothing new: an object of no bytes has no range, and who may not ask may not read.
        }
    }

    private async Task<bool> IsKnownAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(upload.Key, () => _client.ListPartsAsync(Bucket, upload.Key, upload.UploadId, cancellationToken));
            return true;
        }
        catch (RepositoryException e)
        {
            return e.Code is not (RepositoryErrorCode.UploadNotFound or RepositoryErrorCode.NotFound);
        }
    }

    /// <summary>The object under <paramref name="key"/> if it is the one these parts make.</summary>
    private async Task<PutResult?> FindCompletedAsync(
        string key, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken)
    {
        if (await HeadAsync(key, cancellationToken) is not { } head || head.SizeBytes != parts.Sum(part => part.SizeBytes)) return null;
        var isOurs = head.Checksum is { } stored ? stored == checksum : parts.All(part => IsMd5(part.ETag)) && head.ETag == ContentMd5.ETag(parts);
        return isOurs ? new PutResult(head.ETag, head.VersionId) : null;
    }

    /// <summary>Puts an object or a part.</summary>
    /// <returns>Its ETag, and its version where there are any.</returns>
    private async Task<(string ETag, string? VersionId)> PutAsync(
        string key, string query, RequestHeaders headers, ReadOnlyMemory<byte> content, ulong checksum, StartPermit permit, CancellationToken cancellationToken)
    {
        if (_checks.TryBeginTrial(content.Length)) await TryHashAsync(key, query, headers, content, permit, cancellationToken);
        var md5 = _checks.NeedsMd5 ? ContentMd5.Hash(content.Span) : null;
        headers.Add("content-md5", md5 is null ? null : Convert.ToBase64String(md5));
        headers.Add(ChecksumHeader, FormatChecksum(checksum));
        await using var response = await SendAsync("PUT", key, query, headers, content, HashOf(content.Span), permit, cancellationToken);
        var etag = response.Head["etag"] ?? "";
        Verify(key, checksum, response.Head[ChecksumHeader], md5, etag);
        return (Unquote(etag), response.Head["x-amz-version-id"]);
    }

    /// <summary>
    /// Sends what is to be sent anyway, but with a wrong hash and without an MD5. An endpoint that verifies the hash refuses it; from one that does not, it is
    /// sent again as it should be, over the same content.
    /// </summary>
    private async Task TryHashAsync(
        string key, string query, RequestHeaders headers, ReadOnlyMemory<byte> content, StartPermit permit, CancellationToken cancellationToken)
    {
        bool? verifies = null;
        try
        {
            await using var response = await SendAsync("PUT", key, query, new RequestHeaders(headers), content, RequestSigner.EmptyPayload, permit, cancellationToken);
            verifies = false;
        }
        catch (RepositoryException e)
        {
            // The hash is the only proof there was. What else fails does so again, and is told then.
            verifies = e.Code == RepositoryErrorCode.ChecksumMismatch ? true : e.IsTransient ? null : false;
        }
        finally
        {
            _checks.EndTrial(verifies);
        }
    }

    /// <summary>A request that has no content and no side effect.</summary>
    private Task<S3Response> AskAsync(string method, string key, RequestHeaders headers, CancellationToken cancellationToken) =>
        SendAsync(method, key, query: "", headers, content: default, RequestSigner.EmptyPayload, permit: null, cancellationToken);

    /// <summary>What a request signs of its content; over TLS the content is protected anyway.</summary>
    private string HashOf(ReadOnlySpan<byte> content) =>
        content.IsEmpty ? RequestSigner.EmptyPayload : _http.IsEncrypted ? RequestSigner.UnsignedPayload : Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Sends one of the frequent requests; an answer that is no success is a <see cref="RepositoryException"/>.</summary>
    private async Task<S3Response> SendAsync(
        string method,
        string key,
        string query,
        RequestHeaders headers,
        ReadOnlyMemory<byte> content,
        string hash,
        StartPermit? permit,
        CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.SendAsync(method, key, query, headers, content, hash, permit, cancellationToken);
            if (response.Head.Status is >= 200 and < 300) return response;
            await using (response) throw await S3Errors.ReadAsync(response, _place, key, cancellationToken);
        }
        catch (Exception e) when (e is Amazon.Runtime.AmazonClientException or IOException or System.Net.Sockets.SocketException
            or System.Security.Authentication.AuthenticationException)
        {
            throw S3Errors.Translate(e, _place, key);
        }
    }

    private static ObjectHead HeadOf(ResponseHead head) => new()
    {
        SizeBytes = head["content-range"] is { } range ? Number(range[(range.LastIndexOf('/') + 1)..]) : Number(head["content-length"] ?? "0"),
        ETag = Unquote(head["etag"]),
        VersionId = head["x-amz-version-id"],
        LastModified = DateTimeOffset.TryParse(head["last-modified"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : DateTimeOffset.UnixEpoch,
        StorageClass = head["x-amz-storage-class"],
        ArchiveStatus = head["x-amz-archive-status"],
        IsETagOpaque = IsETagOpaque(head),
        Checksum = head["x-amz-checksum-type"] is "COMPOSITE" ? null : ParseChecksum(head[ChecksumHeader]),
        Metadata = new ObjectMetadata
        {
            User = head.Headers.Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                .ToDictionary(header => header.Key[MetadataPrefix.Length..].ToLowerInvariant(), header => header.Value, StringComparer.Ordinal),
            ContentType = head["content-type"] ?? "",
        },
    };

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new IOException($"The endpoint's answer has no length: '{text}'.");

    private void Verify(string key, ulong checksum, string? answered, byte[]? md5, string etag)
    {
        var stored = ParseChecksum(answered);
        if (stored is not null && stored != checksum) throw Mismatch(key);
        _checks.Answered(withChecksum: stored is not null);
        if (stored is not null) return;

        // Content-MD5 was verified by the endpoint; an ETag that has MD5's form but another value says that it was not. Objects encrypted
        // with KMS have random ETags, but those endpoints answer with the checksum.
        if (md5 is not null && IsMd5(Unquote(etag)) && Unquote(etag) != Convert.ToHexStringLower(md5)) throw Mismatch(key);
        if (md5 is null && !_checks.VerifiesHash) throw Mismatch(key);
    }

    private async Task<T> CallAsync<T>(string? key, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is Amazon.Runtime.AmazonServiceException or Amazon.Runtime.AmazonClientException or HttpRequestException or IOException or System.Net.Sockets.SocketException
            or StartRefusedException or System.Xml.XmlException)
        {
            throw S3Errors.Translate(e, _place, key);
        }
    }

    private async Task<T> CallAsync<T>(string? key, StartPermit permit, Func<Task<T>> call)
    {
        // Asynchronous locals set here reach the call and end with this method.
        StartPermitStream.Current = permit;
        return await CallAsync(key, call);
    }

    private static void Fill(MetadataCollection target, ObjectMetadata metadata)
    {
        foreach (var (name, value) in metadata.User) target[name] = value;
    }

    /// <summary>A key with a slash at its beginning is refused here: the AWS SDK signs another path for it than it sends, and the endpoint would answer
    /// with an error about the signature.</summary>
    private static void CheckKey(string key)
    {
        ObjectKeys.Check(key);
        if (key[0] != '/') return;
        throw new RepositoryException(
            RepositoryErrorCode.KeyRefused, $"The key '{key}' begins with a slash; such keys can't be written through S3.", isTransient: false);
    }

    /// <summary>A key of a listing with <c>encoding-type=url</c>, where a blank is a plus or %20.</summary>
    private static string DecodeKey(string encoded) => Uri.UnescapeDataString(encoded.Replace('+', ' '));

    private static string Unquote(string? etag) => etag?.Trim('"') ?? "";

    /// <summary>Amazon S3 API reference, "Object": with SSE-KMS and SSE-C, and in directory buckets, an ETag is no MD5.</summary>
    private static bool IsETagOpaque(ResponseHead head) =>
        head["x-amz-server-side-encryption"] is not (null or "" or "AES256")
        || head["x-amz-server-side-encryption-customer-algorithm"] is not (null or "")
        || head["x-amz-storage-class"] == "EXPRESS_ONEZONE";

    private static bool IsMd5(string etag) => etag.Length == 32 && etag.All(char.IsAsciiHexDigitLower);

    private static string FormatChecksum(ulong checksum)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, checksum);
        return Convert.ToBase64String(bytes);
    }

    private static ulong? ParseChecksum(string? base64)
    {
        Span<byte> bytes = stackalloc byte[8];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length) && length == 8
            ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
            : null;
    }

    private static RepositoryException Mismatch(string key) =>
        new(RepositoryErrorCode.ChecksumMismatch, $"The endpoint did not confirm the content of '{key}' as it was sent.", isTransient: true);
}
