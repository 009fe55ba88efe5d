using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Sluice.Posix;

/// <summary>
/// Paths through <c>/proc/self/fd</c>, which lead to exactly the file a descriptor stands for, even a symlink: the way to
/// what has no call on descriptors opened with O_PATH.
/// </summary>
internal static class ProcPath
{
    /// <summary>Room for the longest path this class makes.</summary>
    internal const int MaxBytes = 320;

    /// <summary>The path of a descriptor, with a NUL at its end.</summary>
    internal static ReadOnlySpan<byte> Of(SafeHandle fd, Span<byte> buffer) => Of(fd, [], buffer);

    /// <summary>The path of an entry of a directory, with a NUL at its end.</summary>
    /// <exception cref="PosixException">EINVAL: not one name; ENAMETOOLONG: over 255 bytes.</exception>
    internal static ReadOnlySpan<byte> Of(SafeHandle directory, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        if (name.Length > 255)
            throw new PosixException(Errno.ENAMETOOLONG, "getxattr", PathText.Of(name));
        _ = Utf8.TryWrite(buffer, $"/proc/self/fd/{directory.DangerousGetHandle()}", out var length);
        if (!name.IsEmpty)
        {
            buffer[length++] = (byte)'/';
            name.CopyTo(buffer[length..]);
            length += name.Length;
        }

        buffer[length++] = 0;
        return buffer[..length];
    }
}
