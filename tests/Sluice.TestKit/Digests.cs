using System.Security.Cryptography;

namespace Sluice.TestKit;

/// <summary>Digests in the forms S3 uses them.</summary>
public static class Digests
{
    /// <summary>MD5 in lower-case hex: the ETag of an object sent in one piece, without its quotes.</summary>
    public static string Md5Hex(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(MD5.HashData(content));

    /// <summary>MD5 in Base64: a Content-MD5 header.</summary>
    public static string Md5Base64(ReadOnlySpan<byte> content) => Convert.ToBase64String(MD5.HashData(content));

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Sha256Hex(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>SHA-256 in lower-case hex of what a stream still holds.</summary>
    public static async Task<string> Sha256HexAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));

    /// <summary>
    /// The ETag, without its quotes, of an object sent in parts of <paramref name="partBytes"/>: MD5 over the parts' MD5s, a dash, and the
    /// number of parts. It tells whether an object was made by multipart and with which part size.
    /// </summary>
    public static string MultipartETag(ReadOnlySpan<byte> content, int partBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partBytes);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var parts = 0;
        for (var rest = content; parts == 0 || !rest.IsEmpty; parts++)
        {
            var part = rest[..Math.Min(partBytes, rest.Length)];
            rest = rest[part.Length..];
            all.AppendData(MD5.HashData(part));
        }

        return $"{Convert.ToHexStringLower(all.GetHashAndReset())}-{parts}";
    }
}
