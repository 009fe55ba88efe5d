using System.Text;

namespace Sluice.TestKit;

/// <summary>The head of an HTTP/1 message.</summary>
/// <param name="First">Method, or protocol of an answer.</param>
/// <param name="Second">Request target, or status of an answer.</param>
/// <param name="Third">Protocol of a request, or reason of an answer.</param>
/// <param name="Headers">Headers by lower-case name; of several with one name, the values joined by commas.</param>
internal sealed record HttpHead(string First, string Second, string Third, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string name] => Headers.GetValueOrDefault(name);

    /// <summary>Status of an answer.</summary>
    public int Status => int.TryParse(Second, out var status) ? status : throw new FormatException($"'{Second}' is no HTTP status.");

    public bool IsChunked => this["transfer-encoding"] is { } encoding && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase);

    public long? ContentLength => this["content-length"] is { } length ? long.Parse(length) : null;

    /// <summary>The request's sender holds the body back until it is told to go on.</summary>
    public bool ExpectsContinue => string.Equals(this["expect"], "100-continue", StringComparison.OrdinalIgnoreCase);

    /// <summary>The connection ends with this answer.</summary>
    public bool Closes => this["connection"] is { } connection
        ? connection.Contains("close", StringComparison.OrdinalIgnoreCase)
        : First == "HTTP/1.0";

    public static HttpHead Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ', 3);
        if (first.Length < 2)
            throw new FormatException($"'{lines[0]}' begins no HTTP message.");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                throw new FormatException($"'{line}' is no HTTP header.");
            var name = line[..colon].ToLowerInvariant();
            var value = line[(colon + 1)..].Trim();
            headers[name] = headers.TryGetValue(name, out var before) ? $"{before},{value}" : value;
        }

        return new(first[0], first[1], first.Length > 2 ? first[2] : "", headers);
    }
}
