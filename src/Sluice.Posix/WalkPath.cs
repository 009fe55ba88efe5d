using System.Buffers;

namespace Sluice.Posix;

/// <summary>The path a <see cref="TreeWalk"/> is at, in one buffer that grows with the longest path.</summary>
internal sealed class WalkPath : IDisposable
{
    private byte[] _buffer;

    internal WalkPath(ReadOnlySpan<byte> start)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(4096, start.Length));
        start.CopyTo(_buffer);
        Length = start.Length;
    }

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Refuses a path which is not a plain sequence of names.</summary>
    internal static void Require(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return;
        foreach (var range in path.Split((byte)'/'))
        {
            if (path[range] is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] || path[range].Contains((byte)0))
                throw new ArgumentException($"'{PathText.Of(path)}' is no relative path: no slash at either end, no empty, \".\" or \"..\" component.");
        }
    }

    /// <summary>Puts a name behind the first bytes of the path.</summary>
    /// <returns>Where the name begins.</returns>
    internal int Replace(int directoryLength, ReadOnlySpan<byte> name)
    {
        var start = directoryLength == 0 ? 0 : directoryLength + 1;
        Reserve(directoryLength, start + name.Length);
        if (start > 0)
            _buffer[start - 1] = (byte)'/';
        name.CopyTo(_buffer.AsSpan(start));
        Length = start + name.Length;
        return start;
    }

    /// <summary>Goes back to a directory on the path.</summary>
    /// <returns>Where its name begins.</returns>
    internal int Cut(int directoryLength)
    {
        Length = directoryLength;
        return Bytes.LastIndexOf((byte)'/') + 1;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    private void Reserve(int kept, int needed)
    {
        if (needed <= _buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
        _buffer.AsSpan(0, kept).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
