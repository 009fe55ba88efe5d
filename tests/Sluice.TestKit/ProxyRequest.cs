namespace Sluice.TestKit;

/// <summary>
/// One request the proxy saw. It exists from its first byte on; what it asks is known with its head (<see cref="IsHeadKnown"/>), how it
/// ended later still. Properties are written by the proxy's thread: read them after <see cref="S3Proxy.Mark"/> or a wait.
/// </summary>
public sealed class ProxyRequest
{
    private static readonly string[] KeptHeaders =
    [
        "content-length", "content-type", "content-md5", "content-encoding", "transfer-encoding", "expect", "range",
        "if-match", "if-none-match", "amz-sdk-request", "user-agent",
    ];

    internal ProxyRequest(long clock, int connection, TimeSpan at) => (Clock, Connection, FirstByteAt) = (clock, connection, at);

    /// <summary>The logical clock at the first byte; no other event has this value.</summary>
    public long Clock { get; }

    /// <summary>When the first byte was seen, since the proxy's start.</summary>
    public TimeSpan FirstByteAt { get; }

    /// <summary>Number of the client's connection.</summary>
    public int Connection { get; }

    /// <summary>False while the head has not come in completely: then the request's names below are empty.</summary>
    public bool IsHeadKnown { get; private set; }

    /// <summary>HTTP method.</summary>
    public string Method { get; private set; } = "";

    /// <summary>Request target as it was sent.</summary>
    public string Target { get; private set; } = "";

    /// <summary>Bucket (path style).</summary>
    public string Bucket { get; private set; } = "";

    /// <summary>Key, decoded; empty for a request on a bucket.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Query parameters, decoded; those without a value have an empty one.</summary>
    public IReadOnlyDictionary<string, string> Query { get; private set; } = new Dictionary<string, string>();

    /// <summary>The headers that matter to S3, by lower-case name: x-amz-*, conditions, range, length, digest, type.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <summary>The operation's name in the S3 API, as <c>PutObject</c>; the HTTP method for one that is not known.</summary>
    public string Operation { get; private set; } = "";

    /// <summary>Multipart upload this belongs to.</summary>
    public string? UploadId => Query.GetValueOrDefault("uploadId");

    /// <summary>Number of the part this sends.</summary>
    public int? PartNumber => Query.TryGetValue("partNumber", out var number) ? int.Parse(number) : null;

    /// <summary>True for the first request by which a key is written: PutObject, CopyObject, CreateMultipartUpload.</summary>
    public bool StartsObject => Operation is "PutObject" or "CopyObject" or "CreateMultipartUpload";

    /// <summary>What the rule said.</summary>
    public ProxyAction? Action { get; internal set; }

    /// <summary>The logical clock when the first byte was passed on to the server; null when the server never saw it.</summary>
    public long? ForwardClock { get; internal set; }

    /// <summary>Status of the server's answer.</summary>
    public int? ServerStatus { get; internal set; }

    /// <summary>Status of the answer the client was given; null when it got none, or half of one.</summary>
    public int? Status { get; internal set; }

    /// <summary>The logical clock when it was over: answered, cut, or left by the client.</summary>
    public long? EndClock { get; internal set; }

    /// <summary>When it was over, since the proxy's start.</summary>
    public TimeSpan? EndedAt { get; internal set; }

    public override string ToString() => $"#{Clock} {(IsHeadKnown ? $"{Operation} {Method} {Target}" : "(head not complete)")} → {Status}";

    internal void Learn(HttpHead head)
    {
        Method = head.First;
        Target = head.Second;
        var question = Target.IndexOf('?', StringComparison.Ordinal);
        var path = (question < 0 ? Target : Target[..question]).TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        Bucket = Uri.UnescapeDataString(slash < 0 ? path : path[..slash]);
        Key = slash < 0 ? "" : Uri.UnescapeDataString(path[(slash + 1)..]);
        Query = ParseQuery(question < 0 ? "" : Target[(question + 1)..]);
        Headers = head.Headers
            .Where(header => header.Key.StartsWith("x-amz-", StringComparison.Ordinal) || KeptHeaders.Contains(header.Key))
            .ToDictionary(header => header.Key, header => header.Value);
        Operation = S3Operation.Name(Method, Key, Query, Headers.ContainsKey("x-amz-copy-source"));
        IsHeadKnown = true;
    }

    private static Dictionary<string, string> ParseQuery(string query)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? parameter : parameter[..equals];
            parameters[Uri.UnescapeDataString(name)] = equals < 0 ? "" : Uri.UnescapeDataString(parameter[(equals + 1)..]);
        }

        return parameters;
    }
}
