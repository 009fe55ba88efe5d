using System.Text;

namespace Sluice.Posix;

/// <summary>NUL-terminated copies of names for system calls.</summary>
internal static class CString
{
    /// <summary>Bytes that fit on the stack with their NUL.</summary>
    public const int StackBytes = 512;

    /// <summary>Copies <paramref name="text"/> with a NUL into <paramref name="stack"/> or a new array.</summary>
    public static Span<byte> Terminate(ReadOnlySpan<byte> text, Span<byte> stack)
    {
        if (text.Contains((byte)0)) throw new PosixException(Errno.EINVAL, "path with a NUL byte");
        var buffer = text.Length < stack.Length ? stack : new byte[text.Length + 1];
        text.CopyTo(buffer);
        buffer[text.Length] = 0;
        return buffer[..(text.Length + 1)];
    }

    /// <summary>UTF-8 of <paramref name="text"/> with a NUL.</summary>
    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text + "\0");
}
