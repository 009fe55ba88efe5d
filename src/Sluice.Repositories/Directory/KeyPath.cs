using System.Text;

namespace Sluice.Repositories.Directory;

/// <summary>
/// Keys as paths beneath a bucket's <c>objects</c> directory, one to one: each component of the key is a name; ordinary keys keep their looks.
/// <code>
/// %  → %25      .  → %2E      ..  → %2E%2E      (empty) → %_      NUL → %00
/// a component over 240 bytes goes on in a directory: first 240 bytes + "%+" / the rest
/// an object whose name is also a directory (a beside a/b) has the name with "%" at its end
/// </code>
/// A <c>%</c> that begins none of these forms never occurs, so nothing collides.
/// </summary>
internal static class KeyPath
{
    /// <summary>End of a directory name that is not a whole component.</summary>
    public const string Continued = "%+";

    /// <summary>End of an object's name where the plain name is a directory.</summary>
    public const string Beside = "%";

    private const string Empty = "%_";
    private const int ChunkBytes = 240;

    /// <summary>Relative path of a key.</summary>
    public static string Encode(string key) => string.Join('/', key.Split('/').Select(EncodeComponent));

    /// <summary>The text a name stands for, without its <see cref="Continued"/> or <see cref="Beside"/> end.</summary>
    public static string Decode(string name)
    {
        if (name.EndsWith(Continued, StringComparison.Ordinal)) name = name[..^Continued.Length];
        else if (name.EndsWith('%')) name = name[..^1];
        if (name == Empty) return "";
        return name.Replace("%2E", ".", StringComparison.Ordinal).Replace("%00", "\0", StringComparison.Ordinal)
            .Replace("%25", "%", StringComparison.Ordinal);
    }

    private static string EncodeComponent(string component)
    {
        var name = component switch
        {
            "" => Empty,
            "." => "%2E",
            ".." => "%2E%2E",
            _ => component.Replace("%", "%25", StringComparison.Ordinal).Replace("\0", "%00", StringComparison.Ordinal),
        };
        return Encoding.UTF8.GetByteCount(name) <= ChunkBytes ? name : Chunk(name);
    }

    private static string Chunk(string name)
    {
        var path = new StringBuilder();
        var bytes = 0;
        for (var i = 0; i < name.Length;)
        {
            var length = name[i] == '%' ? 3 : char.IsHighSurrogate(name[i]) && i + 1 < name.Length ? 2 : 1;
            var piece = name.AsSpan(i, length);
            var size = Encoding.UTF8.GetByteCount(piece);
            if (bytes + size > ChunkBytes)
            {
                path.Append(Continued).Append('/');
                bytes = 0;
            }

            path.Append(piece);
            bytes += size;
            i += length;
        }

        return path.ToString();
    }
}
