using System.Globalization;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.References;

/// <summary>
/// Bare requests by a load generator in C, signed beforehand: what the server and the kernel can do when the client does nothing. The server still checks the
/// signatures, though not the hash of a content.
/// </summary>
/// <param name="target">Where they go.</param>
internal sealed class RawRequests(S3Target target) : IDisposable
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromHours(6);

    private readonly AmazonS3Client _client = target.NewClient();
    private readonly StringBuilder _list = new();

    /// <summary>Puts an object of so many random bytes.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="metadata">Its user metadata; null for none.</param>
    public void AddPut(string key, long bytes, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var request = new GetPreSignedUrlRequest { Key = key };
        foreach (var (name, value) in metadata ?? new Dictionary<string, string>()) request.Headers[$"x-amz-meta-{name}"] = value;
        AddWithHeaders(bytes, request);
    }

    /// <summary>Puts a part.</summary>
    public void AddPart(string key, string uploadId, int partNumber, long bytes) =>
        Add(HttpVerb.PUT, bytes, new() { Key = key, UploadId = uploadId, PartNumber = partNumber });

    /// <summary>Asks for an object's properties.</summary>
    public void AddHead(string key) => Add(HttpVerb.HEAD, 0, new() { Key = key });

    /// <summary>Gets an object.</summary>
    public void AddGet(string key) => Add(HttpVerb.GET, 0, new() { Key = key });

    /// <summary>Gets a range of an object.</summary>
    public void AddGet(string key, long offset, long bytes) =>
        Add(HttpVerb.GET, 0, new() { Key = key }, string.Create(CultureInfo.InvariantCulture, $"Range: bytes={offset}-{offset + bytes - 1}"));

    /// <summary>Copies an object onto itself with other metadata.</summary>
    public void AddCopy(string key)
    {
        var request = new GetPreSignedUrlRequest { Key = key };
        request.Headers["x-amz-copy-source"] = $"{target.Bucket}/{key}";
        request.Headers["x-amz-metadata-directive"] = "REPLACE";
        AddWithHeaders(0, request);
    }

    /// <summary>Sends them all over so many connections.</summary>
    public async Task<Measurement> RunAsync(int connections, CancellationToken cancellationToken)
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["requests"], _list.ToString(), cancellationToken);
        var address = new Uri(target.Endpoint);
        return await NativeReference.MeasureAsync(
            cancellationToken, "load", temp["requests"], address.Host, $"{address.Port}", connections.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // What is signed has to be sent.
    private void AddWithHeaders(long bytes, GetPreSignedUrlRequest request) =>
        Add(HttpVerb.PUT, bytes, request, [.. request.Headers.Keys.Select(name => $"{name}: {request.Headers[name]}")]);

    private void Add(HttpVerb verb, long bytes, GetPreSignedUrlRequest request, params string[] headers)
    {
        request.BucketName = target.Bucket;
        request.Verb = verb;
        request.Protocol = Amazon.S3.Protocol.HTTP;
        request.Expires = TimeProvider.System.GetUtcNow().Add(ValidFor).UtcDateTime;
        _list.AppendJoin('\t', [verb.ToString(), new Uri(_client.GetPreSignedURL(request)).PathAndQuery, bytes.ToString(CultureInfo.InvariantCulture), .. headers]);
        _list.Append('\n');
    }
}
