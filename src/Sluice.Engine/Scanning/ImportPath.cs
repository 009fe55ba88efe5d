using System.Text;
using Sluice.Core.Paths;

namespace Sluice.Engine.Scanning;

/// <summary>Keys as paths of the file system: the association's directory and the key without the association's prefix.</summary>
internal sealed class ImportPath
{
    private const int MaxNameBytes = 255;
    private const int MaxPathBytes = 4096;

    private readonly byte[] _directory;
    private readonly int _skip;

    public ImportPath(KeyMapping mapping)
    {
        var directory = mapping.Directory.ToBytes();
        _directory = directory.Length == 0 ? [] : [.. directory, (byte)'/'];
        _skip = Encoding.UTF8.GetByteCount(mapping.Repository.Prefix);
    }

    /// <summary>Components of the association's directory.</summary>
    public int Depth => _directory.AsSpan().Count((byte)'/');

    /// <summary>The path of a key of the association, relative to the file system's root, without a slash at its end; empty for the root itself.</summary>
    /// <param name="key">UTF-8 of the key.</param>
    /// <param name="isDirectory">Whether the key ends in a slash, or is empty beneath the association's prefix.</param>
    public byte[] Of(ReadOnlySpan<byte> key, out bool isDirectory)
    {
        var relative = key[_skip..];
        isDirectory = relative.IsEmpty || relative[^1] == (byte)'/';
        if (relative.IsEmpty) return _directory.Length == 0 ? [] : _directory[..^1];
        if (isDirectory) relative = relative[..^1];
        var path = new byte[_directory.Length + relative.Length];
        _directory.CopyTo(path, 0);
        relative.CopyTo(path.AsSpan(_directory.Length));
        return path;
    }

    /// <summary>Why a key can be no path (fsx-semantics, "Import"); null when it can. Control characters are fine.</summary>
    public string? Refuse(ReadOnlySpan<byte> key)
    {
        var rest = key[_skip..];
        if (_directory.Length + rest.Length > MaxPathBytes) return "The path is longer than 4,096 bytes.";
        if (rest.Contains((byte)0)) return "The key has a NUL.";
        if (!rest.IsEmpty && rest[^1] == (byte)'/')
        {
            rest = rest[..^1];
            if (rest.IsEmpty) return "The key has an empty component.";
        }

        foreach (var range in rest.Split((byte)'/'))
        {
            var name = rest[range];
            if (name.IsEmpty && !rest.IsEmpty) return "The key has an empty component.";
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) return "The key has a component '.' or '..'.";
            if (name.Length > MaxNameBytes) return "The key has a component longer than 255 bytes.";
        }

        return null;
    }
}
