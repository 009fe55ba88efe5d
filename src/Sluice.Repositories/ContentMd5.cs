using System.Security.Cryptography;

#pragma warning disable CA5351 // ETags and Content-MD5 are MD5 by S3's definition: fingerprints, no protection.

namespace Sluice.Repositories;

/// <summary>MD5 as S3 uses it.</summary>
public static class ContentMd5
{
    /// <summary>MD5 of a content.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> content) => MD5.HashData(content);

    /// <summary>ETag of a content sent in one piece: lower-case hex.</summary>
    public static string ETag(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(MD5.HashData(content));

    /// <summary>ETag of an object made of parts: MD5 of the parts' MD5s, a hyphen and their number.</summary>
    public static string ETag(IReadOnlyList<UploadedPart> parts) =>
        $"{ETag(parts.SelectMany(part => Convert.FromHexString(part.ETag)).ToArray())}-{parts.Count}";
}
