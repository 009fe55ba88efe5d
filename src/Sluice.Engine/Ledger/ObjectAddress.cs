using System.Text;

namespace Sluice.Engine.Ledger;

/// <summary>
/// Where the data of a released file is. Kept on its inode while it is released, because the record has only hashes of it:
/// <code>
/// version=1 (1 byte) · bucket · 0 · key · 0 · ETag        UTF-8
/// </code>
/// </summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key.</param>
/// <param name="ETag">The object's ETag: another object under the key is not this file's data.</param>
public sealed record ObjectAddress(string Bucket, string Key, string ETag)
{
    /// <summary>Longest encoding: a key of 1,024 bytes, with room to spare.</summary>
    public const int MaxBytes = 2048;

    private const byte Version = 1;
    private const char Separator = '\0';

    /// <summary>Reads an address; null when the bytes are none of a version known here.</summary>
    public static ObjectAddress? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Version) return null;
        var parts = Encoding.UTF8.GetString(bytes[1..]).Split(Separator);
        return parts is [{ Length: > 0 } bucket, { Length: > 0 } key, { Length: > 0 } etag] ? new ObjectAddress(bucket, key, etag) : null;
    }

    /// <summary>The bytes for the inode.</summary>
    public byte[] Encode() => [Version, .. Encoding.UTF8.GetBytes(string.Join(Separator, Bucket, Key, ETag))];
}
