using System.Security.Cryptography;

namespace Sluice.Engine.Movers;

/// <summary>MD5 as S3 uses it for the ETag of a part: a fingerprint, no protection.</summary>
internal static class ContentMd5
{
    /// <summary>Lower-case hex.</summary>
#pragma warning disable CA5351 // The ETag's algorithm is S3's choice.
    public static string Hex(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
}
