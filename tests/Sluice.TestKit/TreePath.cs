using System.Text;

namespace Sluice.TestKit;

/// <summary>
/// A path as Linux knows it: bytes, separated by <c>/</c>. Strings convert to UTF-8; a byte array is taken as it is, so names that are
/// not UTF-8 can be made and compared.
/// </summary>
public readonly struct TreePath : IEquatable<TreePath>, IComparable<TreePath>
{
    private readonly byte[]? _bytes;

    private TreePath(byte[] bytes)
    {
        if (bytes.AsSpan().Contains((byte)0))
            throw new ArgumentException($"A path can't hold a zero byte: {Display(bytes)}", nameof(bytes));
        _bytes = bytes;
    }

    /// <summary>The bytes, without a closing zero.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>True when the bytes are valid UTF-8, so that the path can go through .NET's string paths.</summary>
    public bool IsUtf8 => System.Text.Unicode.Utf8.IsValid(Bytes);

    /// <summary>The last component.</summary>
    public TreePath Name => new(Bytes[(Bytes.LastIndexOf((byte)'/') + 1)..].ToArray());

    /// <summary>All but the last component; empty for a single one.</summary>
    public TreePath Parent => new(Bytes.LastIndexOf((byte)'/') is > 0 and var slash ? Bytes[..slash].ToArray() : []);

    /// <summary>True for the path of no component.</summary>
    public bool IsEmpty => Bytes.IsEmpty;

    public static implicit operator TreePath(string path) => FromString(path);

    public static implicit operator TreePath(byte[] path) => FromByteArray(path);

    public static TreePath FromString(string path) => new(Encoding.UTF8.GetBytes(path));

    public static TreePath FromByteArray(byte[] path) => new([.. path]);

    public static bool operator ==(TreePath left, TreePath right) => left.Equals(right);

    public static bool operator !=(TreePath left, TreePath right) => !left.Equals(right);

    public static bool operator <(TreePath left, TreePath right) => left.CompareTo(right) < 0;

    public static bool operator <=(TreePath left, TreePath right) => left.CompareTo(right) <= 0;

    public static bool operator >(TreePath left, TreePath right) => left.CompareTo(right) > 0;

    public static bool operator >=(TreePath left, TreePath right) => left.CompareTo(right) >= 0;

    /// <summary>This path, a slash, and <paramref name="below"/>; the other alone when one of the two is empty.</summary>
    public TreePath Append(TreePath below)
    {
        if (IsEmpty || below.IsEmpty)
            return IsEmpty ? below : this;
        return new TreePath([.. Bytes, (byte)'/', .. below.Bytes]);
    }

    /// <summary>The bytes and a closing zero, as C calls take them.</summary>
    public byte[] Terminated() => [.. Bytes, 0];

    public int CompareTo(TreePath other) => Bytes.SequenceCompareTo(other.Bytes);

    public bool Equals(TreePath other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is TreePath other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>The path as text; bytes that are not UTF-8 become the replacement character, so it is for people only.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <summary>The path in printable ASCII, other bytes as <c>\x..</c>: for messages.</summary>
    internal static string Display(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
            _ = value is >= 0x20 and < 0x7F and not (byte)'\\' ? text.Append((char)value) : text.Append($"\\x{value:x2}");
        return text.ToString();
    }
}
