namespace Sluice.TestKit;

/// <summary>Bytes in at the end, out at the beginning.</summary>
internal sealed class ByteQueue
{
    private const int SmallestBytes = 4096;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start.._end);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
        {
            var target = _buffer.Length >= (Count + bytes.Length) * 2
                ? _buffer
                : new byte[Math.Max(SmallestBytes, Math.Max(_buffer.Length, Count + bytes.Length) * 2)];
            Bytes.CopyTo(target);
            (_buffer, _start, _end) = (target, 0, Count);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            (_start, _end) = (0, 0);
    }

    /// <summary>Turns over the lowest bit of the byte at <paramref name="index"/>.</summary>
    public void Flip(int index) => _buffer[_start + index] ^= 1;

    /// <summary>Keeps only the first <paramref name="count"/> bytes.</summary>
    public void Truncate(int count) => _end = Math.Min(_end, _start + count);

    public void Clear() => (_start, _end) = (0, 0);
}
