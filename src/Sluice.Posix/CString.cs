using System.Buffers;
using System.Runtime.InteropServices;

namespace Sluice.Posix;

/// <summary>
/// A path as C wants it, with a NUL at its end: on the stack when it is short, in a rented buffer otherwise.
/// A NUL within would silently name another file, so it is refused.
/// </summary>
internal ref struct CString
{
    /// <summary>Bytes a caller offers from its stack: a file name (255 bytes) fits.</summary>
    internal const int StackBytes = 320;

    private byte[]? _rented;
    private readonly Span<byte> _bytes;

    private CString(ReadOnlySpan<byte> value, Span<byte> stack)
    {
        if (value.Length >= stack.Length)
            stack = _rented = ArrayPool<byte>.Shared.Rent(value.Length + 1);
        value.CopyTo(stack);
        stack[value.Length] = 0;
        _bytes = stack;
    }

    /// <summary>The first byte, for the call.</summary>
    internal readonly ref readonly byte Reference => ref MemoryMarshal.GetReference(_bytes);

    /// <summary>A path of any number of components.</summary>
    /// <exception cref="PosixException">EINVAL: it has a NUL.</exception>
    internal static CString Path(ReadOnlySpan<byte> path, Span<byte> stack) =>
        path.Contains((byte)0)
            ? throw new PosixException(Errno.EINVAL, "a path must not contain NUL:", PathText.Of(path))
            : new CString(path, stack);

    /// <summary>The name of one entry of a directory. Calls that take it could otherwise be led elsewhere through a symlink in its middle.</summary>
    /// <exception cref="PosixException">EINVAL: it has a NUL or a slash, or is "..".</exception>
    internal static CString Name(ReadOnlySpan<byte> name, Span<byte> stack) =>
        name.IndexOfAny((byte)0, (byte)'/') >= 0 || name.SequenceEqual(".."u8)
            ? throw new PosixException(Errno.EINVAL, "the name of a directory entry is expected, not", PathText.Of(name))
            : new CString(name, stack);

    /// <summary>Gives a rented buffer back.</summary>
    public void Dispose()
    {
        if (_rented is not { } rented)
            return;
        _rented = null;
        ArrayPool<byte>.Shared.Return(rented);
    }
}
