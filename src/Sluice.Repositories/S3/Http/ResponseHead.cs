using System.Globalization;
using System.Text;

namespace Sluice.Repositories.S3.Http;

/// <summary>Status and headers of a response.</summary>
internal sealed class ResponseHead
{
    private readonly Dictionary<string, string> _headers;

    private ResponseHead(int status, Dictionary<string, string> headers) => (Status, _headers) = (status, headers);

    /// <summary>Status code.</summary>
    public int Status { get; }

    /// <summary>All headers by name.</summary>
    public IReadOnlyDictionary<string, string> Headers => _headers;

    /// <summary>Length of the content; null when it comes in chunks or ends with the connection.</summary>
    public long? ContentLength => this["content-length"] is { } text && !IsChunked ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    /// <summary>Whether the content comes in chunks.</summary>
    public bool IsChunked => this["transfer-encoding"]?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether the connection ends with this response.</summary>
    public bool IsLast => this["connection"]?.Contains("close", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The value of a header; null when it is not there.</summary>
    public string? this[string name] => _headers.GetValueOrDefault(name);

    /// <summary>Reads a head, which ends with an empty line.</summary>
    /// <exception cref="IOException">It is no HTTP/1.1 response.</exception>
    public static ResponseHead Parse(ReadOnlySpan<byte> bytes)
    {
        var line = NextLine(ref bytes);
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || !int.TryParse(line[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new IOException("The endpoint's answer is no HTTP response.");
        var headers = new Dictionary<string, string>(16, StringComparer.OrdinalIgnoreCase);
        while (!(line = NextLine(ref bytes)).IsEmpty)
        {
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) throw new IOException("The endpoint's answer has a malformed header.");

            // Metadata of other writers may hold any bytes.
            headers[Encoding.ASCII.GetString(line[..colon])] = Encoding.UTF8.GetString(line[(colon + 1)..]).Trim(' ', '\t');
        }

        return new ResponseHead(status, headers);
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n"u8);
        if (end < 0) throw new IOException("The endpoint's answer ends in the midst of its headers.");
        var line = bytes[..end];
        bytes = bytes[(end + 2)..];
        return line;
    }
}
