using System.Globalization;
using System.Text;

namespace Sluice.SystemTests.Edge;

/// <summary>A request in its parts, any of which may be wrong, and as bytes.</summary>
internal sealed record ApiRequest
{
    public string Method { get; init; } = "POST";

    /// <summary>Path and query.</summary>
    public string Path { get; init; } = "/";

    public string Protocol { get; init; } = "HTTP/1.1";

    /// <summary>Header lines in order, as Latin-1; bodies' lengths are added by <see cref="ToBytes"/>.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>The value of a header; null when it is not there.</summary>
    public string? this[string name] =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    /// <summary>The same request with a header replaced, added, or, by null, removed.</summary>
    public ApiRequest With(string name, string? value)
    {
        var others = Headers.Where(header => !header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        return this with { Headers = [.. others, .. value is null ? [] : new[] { KeyValuePair.Create(name, value) }] };
    }

    /// <summary>The same request with one more header line.</summary>
    public ApiRequest And(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    /// <summary>The request with its body's length.</summary>
    public byte[] ToBytes() => [.. And("Content-Length", Body.Length.ToString(CultureInfo.InvariantCulture)).HeadBytes(), .. Body];

    /// <summary>The head with exactly these headers.</summary>
    public byte[] HeadBytes()
    {
        var head = new StringBuilder($"{Method} {Path} {Protocol}\r\n");
        foreach (var (name, value) in Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }
}
