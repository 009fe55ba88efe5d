using System.Security.Cryptography;
using System.Text;
using Sluice.Protocol.SigV4;

namespace Sluice.SystemTests.Edge;

/// <summary>Makes signed requests quickly: the key is derived once a day, and the canonical request of a plain POST is written down directly.</summary>
internal sealed class ApiSigner(string host, string accessKeyId, string secretAccessKey)
{
    public const string ContentType = "application/x-amz-json-1.1";

    private const string SignedHeaders = "content-type;host;x-amz-date;x-amz-target";

    private readonly Lock _lock = new();
    private string _day = "";
    private byte[] _key = [];

    /// <summary>The server's address as clients name it.</summary>
    public string Host => host;

    /// <summary>A request nobody signed.</summary>
    public ApiRequest Unsigned(string target, byte[] body) => new()
    {
        Headers = [new("Host", host), new("Content-Type", ContentType), new("X-Amz-Target", target)], Body = body,
    };

    /// <summary>A request with a right signature of now.</summary>
    public ApiRequest Signed(string target, byte[] body) => Sign(Unsigned(target, body), TimeProvider.System.GetUtcNow());

    /// <summary>Signs a request as of an instant.</summary>
    public ApiRequest Sign(ApiRequest request, DateTimeOffset time)
    {
        var date = AmzDate.ToText(time);
        var scope = new CredentialScope(date[..8], "us-east-1", "fsx");
        var canonical = $"{request.Method}\n{CanonicalForm.Path(request.Path)}\n\ncontent-type:{request["Content-Type"]}\nhost:{request["Host"]}\n"
            + $"x-amz-date:{date}\nx-amz-target:{request["X-Amz-Target"]}\n\n{SignedHeaders}\n{Hex(request.Body)}";
        var signature = SigningKey.Sign(Key(scope), $"{CanonicalForm.Algorithm}\n{date}\n{scope}\n{Hex(Encoding.Latin1.GetBytes(canonical))}");
        return request.With("X-Amz-Date", date).With(
            "Authorization", $"{CanonicalForm.Algorithm} Credential={accessKeyId}/{scope}, SignedHeaders={SignedHeaders}, Signature={signature}");
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private byte[] Key(CredentialScope scope)
    {
        lock (_lock)
        {
            if (_day != scope.Date) (_day, _key) = (scope.Date, SigningKey.Derive(secretAccessKey, scope));
            return _key;
        }
    }
}
