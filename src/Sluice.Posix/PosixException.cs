using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Posix;

/// <summary>A system call failed.</summary>
public sealed class PosixException : IOException
{
    /// <summary>Describes the failure of <paramref name="call"/> on <paramref name="path"/>.</summary>
    public PosixException(Errno errno, string call, string? path = null)
        : base($"{call}{(path is null ? "" : $" '{path}'")}: {Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})") => Errno = errno;

    /// <summary>Which error.</summary>
    public Errno Errno { get; }

    internal static PosixException Last(string call, ReadOnlySpan<byte> path = default) =>
        new((Errno)Marshal.GetLastPInvokeError(), call, path.IsEmpty ? null : Encoding.UTF8.GetString(path));
}
