using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Protocol;

/// <summary>
/// The <c>NextToken</c> of a listing: where the next page begins, as standard padded base64 of at most 255 characters
/// (what the service model's pattern asks for). A token carries a digest of its content and of the listing
/// it belongs to, so a damaged or foreign one is refused. It holds no secret and grants nothing: whoever makes
/// one up sees a page they may see anyway.
/// </summary>
public static class PageToken
{
    /// <summary>The longest id, in bytes of UTF-8, that fits.</summary>
    public const int MaxIdBytes = 160;

    private const byte Version = 1;
    private const int DigestLength = 16;
    private const int IdStart = 1 + DigestLength + sizeof(long);

    /// <summary>Makes a token.</summary>
    /// <param name="creationTime">Creation time of the last item shown; kept to the tick.</param>
    /// <param name="id">Its id, the tie-break; at most <see cref="MaxIdBytes"/>.</param>
    /// <param name="scope">Text that differs for every other listing: operation, ids, filters.</param>
    public static string Encode(DateTimeOffset creationTime, string id, string scope)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(id), MaxIdBytes, nameof(id));
        var token = new byte[IdStart + Encoding.UTF8.GetByteCount(id)];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1 + DigestLength), creationTime.UtcTicks);
        Encoding.UTF8.GetBytes(id, token.AsSpan(IdStart));
        Digest(token, scope).CopyTo(token.AsSpan(1));
        return Convert.ToBase64String(token);
    }

    /// <summary>Reads a token; false when it is not one, is damaged, or belongs to another listing.</summary>
    /// <param name="token">As received.</param>
    /// <param name="scope">The listing it is used for.</param>
    /// <param name="creationTime">Creation time of the last item shown, in UTC.</param>
    /// <param name="id">Its id.</param>
    public static bool TryDecode(string token, string scope, out DateTimeOffset creationTime, out string id)
    {
        ArgumentNullException.ThrowIfNull(token);
        (creationTime, id) = (default, "");
        Span<byte> buffer = stackalloc byte[IdStart + MaxIdBytes];
        if (!Convert.TryFromBase64String(token, buffer, out var length) || length < IdStart || buffer[0] != Version)
            return false;
        var content = buffer[..length];
        // Base64 has several spellings of the same bytes (white space, stray last bits); only ours is a token.
        if (!content[1..(1 + DigestLength)].SequenceEqual(Digest(content, scope)) || Convert.ToBase64String(content) != token)
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(content[(1 + DigestLength)..]);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        creationTime = new DateTimeOffset(ticks, TimeSpan.Zero);
        id = Encoding.UTF8.GetString(content[IdStart..]);
        return true;
    }

    private static ReadOnlySpan<byte> Digest(ReadOnlySpan<byte> token, string scope)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(token[..1]);
        // The rest begins with eight bytes of time, so no scope can run into it and mean something else.
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(scope)));
        hash.AppendData(token[(1 + DigestLength)..]);
        return hash.GetHashAndReset().AsSpan(0, DigestLength);
    }
}
