using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Sluice.TestKit;

/// <summary>A bucket of the test server, looked at past any proxy. Disposal empties and deletes it.</summary>
public sealed class RgwBucket : IAsyncDisposable
{
    private const string MetadataPrefix = "x-amz-meta-";
    private const int HeadsAtOnce = 8;

    internal RgwBucket(RgwServer server, string name) => (Server, Name) = (server, name);

    /// <summary>The server it is on.</summary>
    public RgwServer Server { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>As <c>s3://name</c>.</summary>
    public string Url => $"s3://{Name}";

    /// <summary>An S3 client for what has no helper here.</summary>
    public IAmazonS3 Client => Server.Client;

    /// <summary>All keys that begin with <paramref name="prefix"/>, in the server's order.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken, string prefix = "")
    {
        // Names XML can't hold come percent-encoded.
        var request = new ListObjectsV2Request { BucketName = Name, Prefix = prefix, Encoding = EncodingType.Url };
        var keys = new List<string>();
        do
        {
            var page = await Client.ListObjectsV2Async(request, cancellationToken);
            keys.AddRange((page.S3Objects ?? []).Select(item => Decode(item.Key)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        return keys;
    }

    /// <summary>All objects with their metadata, by key; a HEAD for each.</summary>
    public async Task<IReadOnlyDictionary<string, StoredObject>> ObjectsAsync(CancellationToken cancellationToken, string prefix = "")
    {
        var keys = await KeysAsync(cancellationToken, prefix);
        var objects = new StoredObject[keys.Count];
        await Parallel.ForAsync(
            0,
            keys.Count,
            new ParallelOptions { MaxDegreeOfParallelism = HeadsAtOnce, CancellationToken = cancellationToken },
            async (i, cancel) => objects[i] = await HeadAsync(keys[i], cancel) ?? throw new KeyNotFoundException($"{keys[i]} went away."));
        return objects.ToDictionary(item => item.Key, StringComparer.Ordinal);
    }

    /// <summary>One object; null when there is none.</summary>
    public async Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var head = await Client.GetObjectMetadataAsync(Name, key, cancellationToken);
            var metadata = head.Metadata.Keys.ToDictionary(
                name => name.ToLowerInvariant().Replace(MetadataPrefix, "", StringComparison.Ordinal), name => head.Metadata[name]);
            return new(key, head.ContentLength, head.ETag.Trim('"'), head.Headers.ContentType, metadata);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The content of an object.</summary>
    public async Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        using var answer = await Client.GetObjectAsync(Name, key, cancellationToken);
        using var content = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }

    /// <summary>SHA-256 of an object's content in hex, for objects too large to hold.</summary>
    public async Task<string> Sha256Async(string key, CancellationToken cancellationToken)
    {
        using var answer = await Client.GetObjectAsync(Name, key, cancellationToken);
        return await Digests.Sha256HexAsync(answer.ResponseStream, cancellationToken);
    }

    /// <summary>Stores an object.</summary>
    public Task PutAsync(string key, byte[] content, CancellationToken cancellationToken) => Client.PutObjectAsync(
        new() { BucketName = Name, Key = key, InputStream = new MemoryStream(content), UseChunkEncoding = false }, cancellationToken);

    /// <summary>All multipart uploads that are still open.</summary>
    public async Task<IReadOnlyList<PendingUpload>> PendingUploadsAsync(CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = Name, Encoding = EncodingType.Url };
        var uploads = new List<PendingUpload>();
        while (true)
        {
            var page = await Client.ListMultipartUploadsAsync(request, cancellationToken);
            uploads.AddRange((page.MultipartUploads ?? []).Select(upload => new PendingUpload(Decode(upload.Key), upload.UploadId)));
            if (page.IsTruncated != true)
                return uploads;
            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
    }

    /// <summary>Deletes all objects and open uploads, and the bucket.</summary>
    public async ValueTask DisposeAsync()
    {
        var never = CancellationToken.None;
        try
        {
            foreach (var upload in await PendingUploadsAsync(never))
                await Client.AbortMultipartUploadAsync(Name, upload.Key, upload.UploadId, never);
            await Parallel.ForEachAsync(
                await KeysAsync(never),
                new ParallelOptions { MaxDegreeOfParallelism = HeadsAtOnce },
                async (key, cancel) => await Client.DeleteObjectAsync(Name, key, cancel));
            await Client.DeleteBucketAsync(Name, never);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchBucket")
        {
            // The test deleted it: a bucket that disappears is a case to test.
        }
    }

    private static string Decode(string key) => Uri.UnescapeDataString(key.Replace('+', ' '));
}
