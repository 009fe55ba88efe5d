using System.Buffers;
using System.Security.Cryptography;
using Sluice.Posix;
using Sluice.Repositories;

#pragma warning disable CA5351 // ETags are MD5 by S3's definition: fingerprints, no protection.

namespace Sluice.Engine.Movers;

/// <summary>Whether a content is the object's: by the checksum of the record, else by what the repository stored when it was written.</summary>
internal static class ContentProof
{
    private const int Md5HexDigits = 32;

    /// <summary>Compares checksums.</summary>
    /// <param name="name">The object's.</param>
    /// <param name="recorded">The record's; 0 for none.</param>
    /// <param name="head">The object's head.</param>
    /// <param name="checksum">Of the content that came.</param>
    /// <returns>True when a checksum proved it; false when there is none to compare with.</returns>
    public static bool ByChecksum(string name, ulong recorded, ObjectHead head, ulong checksum)
    {
        var expected = recorded == 0 ? head.Checksum : recorded;
        if (expected is { } known && known != checksum)
            throw new RestoreFailedException($"The content of '{name}' is not what was stored: its checksum is {checksum:x16}, expected {known:x16}.") { IsSpoiled = true };
        return expected is not null;
    }

    /// <summary>Whether the ETag is the MD5 of the content: an object sent in one piece, not encrypted with a key of its own.</summary>
    public static bool HasMd5(ObjectHead head) =>
        !head.IsETagOpaque && head.ETag.Length == Md5HexDigits && head.ETag.All(char.IsAsciiHexDigit);

    /// <summary>Compares a content with an ETag that is its MD5.</summary>
    public static void ByMd5(string name, ObjectHead head, ReadOnlySpan<byte> content) => Compare(name, head, ContentMd5.Hash(content));

    /// <summary>Compares what was written into a file with an ETag that is its MD5.</summary>
    public static void ByMd5(string name, ObjectHead head, Fd file, CancellationToken cancellationToken)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = ArrayPool<byte>.Shared.Rent(FileChecksums.BufferBytes);
        try
        {
            long offset = 0;
            for (int read; (read = FileSystemCalls.Read(file, buffer, offset)) > 0; offset += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                md5.AppendData(buffer.AsSpan(0, read));
            }

            Compare(name, head, md5.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Compare(string name, ObjectHead head, byte[] md5)
    {
        if (!string.Equals(Convert.ToHexString(md5), head.ETag, StringComparison.OrdinalIgnoreCase))
            throw new RestoreFailedException($"The content of '{name}' is not what was stored: its MD5 is {Convert.ToHexStringLower(md5)}, expected {head.ETag}.") { IsSpoiled = true };
    }
}
