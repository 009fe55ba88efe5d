using Microsoft.Win32.SafeHandles;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>
/// An open file descriptor; disposing closes it. Errors of closing are not told: whoever must know that written data
/// arrived calls <see cref="FileSystemCalls.Flush"/> first.
/// </summary>
public sealed class Fd : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of a descriptor.</summary>
    /// <param name="descriptor">The descriptor, as the system call answered it.</param>
    internal Fd(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number, for <c>/proc/self/fd</c> and other processes; only meaningful while the caller keeps this object alive.</summary>
    public int Number => (int)handle;

    /// <summary>Takes ownership of a descriptor that was inherited, as from a service manager; a program that this one starts does not get it.</summary>
    public static Fd Inherited(int number)
    {
        var inherited = new Fd(number);
        _ = Fcntl.fcntl(inherited, Fcntl.F_SETFD, Fcntl.FD_CLOEXEC);
        return inherited;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        // Linux frees the number even when close is interrupted; repeating it would close someone else's file.
        _ = Unistd.close(Number);
        return true;
    }
}
