namespace Sluice.Protocol.SigV4;

/// <summary>An HTTP request as far as signatures are concerned.</summary>
public sealed record SignedRequest
{
    /// <summary><c>POST</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The path exactly as on the wire, still percent-encoded; <c>/</c> for this service.</summary>
    public required string Path { get; init; }

    /// <summary>The query exactly as on the wire, without the question mark; empty when there is none.</summary>
    public string Query { get; init; } = "";

    /// <summary>
    /// The headers in the order received, a name once for each line. <c>host</c> is one of them (HTTP/2's
    /// <c>:authority</c> goes here) and has its port when that is not the scheme's own.
    /// </summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The whole body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The values of a header, in order.</summary>
    internal IEnumerable<string> Values(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static header => header.Value);

    /// <summary>The first value of a header; null when it is missing.</summary>
    internal string? Header(string name) => Values(name).FirstOrDefault();
}
