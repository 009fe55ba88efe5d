using System.Security.Cryptography;
using System.Text;

namespace Sluice.Protocol.SigV4;

/// <summary>
/// The canonical form of a request, "Create a signed AWS API request" in the IAM user guide: what both sides of a
/// signature have to spell the same way. The rules are those of every service but S3: the path is normalized and
/// encoded once more.
/// </summary>
internal static class CanonicalForm
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The canonical request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="signedHeaders">Names of the signed headers, lower-case and sorted.</param>
    /// <param name="payloadHash">Hex SHA-256 of the body, or <c>UNSIGNED-PAYLOAD</c>.</param>
    public static string Request(SignedRequest request, IReadOnlyList<string> signedHeaders, string payloadHash)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n').Append(Path(request.Path)).Append('\n').Append(Query(request.Query)).Append('\n');
        foreach (var name in signedHeaders)
            text.Append(name).Append(':').AppendJoin(',', request.Values(name).Select(Fold)).Append('\n');
        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash).ToString();
    }

    /// <summary>The text that is signed.</summary>
    public static string StringToSign(string amzDate, CredentialScope scope, string canonicalRequest) =>
        $"{Algorithm}\n{amzDate}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonicalRequest))}";

    /// <summary>Hex SHA-256.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A header's value without surrounding white space, with every inner run of it as one space.</summary>
    public static string Fold(string value) =>
        string.Join(' ', value.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The path with empty and dot segments resolved, encoded once more.</summary>
    public static string Path(string path)
    {
        var segments = new List<string>();
        var raw = path.Split('/');
        foreach (var segment in raw)
        {
            if (segment is "" or ".")
                continue;
            if (segment != "..")
                segments.Add(UriEncoding.Encode(segment));
            else if (segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
        }

        var isDirectory = segments.Count > 0 && raw[^1] is "" or "." or "..";
        return "/" + string.Join('/', segments) + (isDirectory ? "/" : "");
    }

    /// <summary>The query sorted by name and then value, each encoded anew; the signature itself left out.</summary>
    public static string Query(string query) => string.Join('&', Parameters(query)
        .Where(static parameter => parameter.Key != "X-Amz-Signature")
        .Select(static parameter => (Name: UriEncoding.Encode(parameter.Key), Value: UriEncoding.Encode(parameter.Value)))
        .OrderBy(static parameter => parameter.Name, StringComparer.Ordinal)
        .ThenBy(static parameter => parameter.Value, StringComparer.Ordinal)
        .Select(static parameter => $"{parameter.Name}={parameter.Value}"));

    /// <summary>The decoded parameters of a query, in order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parameters(string query)
    {
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (parameter, "") : (parameter[..equals], parameter[(equals + 1)..]);
            yield return KeyValuePair.Create(Uri.UnescapeDataString(name), Uri.UnescapeDataString(value));
        }
    }
}
