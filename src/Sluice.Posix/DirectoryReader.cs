using System.Buffers;
using System.Buffers.Binary;

namespace Sluice.Posix;

/// <summary>Reads a directory with getdents64(2), in constant memory; <c>.</c> and <c>..</c> are left out. Does not own the descriptor.</summary>
public sealed unsafe class DirectoryReader(Fd directory) : IDisposable
{
    private const int BufferBytes = 32 << 10;
    private const int NameOffset = 19;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _length;
    private int _next;
    private int _current;

    /// <summary>Name of the current entry; valid until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            var name = _buffer.AsSpan(_current + NameOffset);
            return name[..name.IndexOf((byte)0)];
        }
    }

    /// <summary>Goes on to the next entry; false at the end.</summary>
    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        while (true)
        {
            if (_next >= _length && !Fill()) return false;
            _current = _next;
            _next += BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_current + 16));
            var name = Name;
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private bool Fill()
    {
        var added = false;
        try
        {
            directory.DangerousAddRef(ref added);
            fixed (byte* target = _buffer)
            {
                long read;
                do
                {
                    read = LibC.syscall(Numbers.SYS_getdents64, directory.Number, target, (void*)BufferBytes, 0, null, 0);
                }
                while (read < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

                if (read < 0) throw PosixException.Last("getdents64");
                (_length, _next) = ((int)read, 0);
                return read > 0;
            }
        }
        finally
        {
            if (added) directory.DangerousRelease();
        }
    }
}
