using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

public static partial class FileSystemCalls
{
    /// <summary>
    /// Whether the kernel has getxattrat (6.13 and later, and no sandbox in the way). Asked with a size it must refuse as EINVAL,
    /// so that neither ENOSYS nor a sandbox's EPERM is mistaken for an answer about a file.
    /// </summary>
    private static readonly bool HasGetXattrAt =
        SysSyscall.getxattrat_probe(SysSyscall.SYS_getxattrat, -1, 0, 0, 0, 0, 0) < 0 && PosixException.LastErrno() == Errno.EINVAL;

    /// <summary>Reads an extended attribute of an open file, also of one opened with <see cref="OpenFlags.Path"/>.</summary>
    /// <param name="fd">The file: an <see cref="Fd"/>, or a descriptor of .NET's own.</param>
    /// <param name="name">The attribute with its namespace, as <c>trusted.sluice</c>.</param>
    /// <param name="buffer">Takes the value; when empty, only the length is told.</param>
    /// <returns>The value's length; null when the file has no such attribute, or it may not be seen (<c>trusted.</c> without CAP_SYS_ADMIN).</returns>
    /// <exception cref="PosixException">ERANGE: the buffer is too small. EOPNOTSUPP: the file system has no such attributes.</exception>
    public static int? GetXattr(SafeHandle fd, string name, Span<byte> buffer)
    {
        nint length;
        do
            length = SysXattr.fgetxattr(fd, name, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        while (length < 0 && PosixException.LastErrno() == Errno.EINTR);

        if (length >= 0 || PosixException.LastErrno() != Errno.EBADF)
            return XattrLength(length, "fgetxattr", name);

        var path = ProcPath.Of(fd, stackalloc byte[ProcPath.MaxBytes]);
        do
            length = SysXattr.getxattr(in path[0], name, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        while (length < 0 && PosixException.LastErrno() == Errno.EINTR);

        GC.KeepAlive(fd);
        return XattrLength(length, "getxattr", name);
    }

    /// <summary>Reads an extended attribute of an entry of a directory: of a symlink itself, and without opening the file.</summary>
    /// <param name="directory">The directory; may be opened with <see cref="OpenFlags.Path"/>.</param>
    /// <param name="entryName">One name, no path; empty for the directory itself.</param>
    /// <param name="name">The attribute with its namespace.</param>
    /// <param name="buffer">Takes the value; when empty, only the length is told.</param>
    /// <inheritdoc cref="GetXattr"/>
    public static int? GetXattrAt(Fd directory, ReadOnlySpan<byte> entryName, string name, Span<byte> buffer)
    {
        if (entryName.IsEmpty)
            return GetXattr(directory, name, buffer);
        return HasGetXattrAt
            ? GetXattrAtByCall(directory, entryName, name, buffer)
            : GetXattrAtByProc(directory, entryName, name, buffer);
    }

    [SkipLocalsInit]
    internal static unsafe int? GetXattrAtByCall(Fd directory, ReadOnlySpan<byte> entryName, string name, Span<byte> buffer)
    {
        using var path = CString.Name(entryName, stackalloc byte[CString.StackBytes]);
        fixed (byte* value = buffer)
        {
            var arguments = new LinuxXattr.xattr_args { value = (ulong)value, size = (uint)buffer.Length };
            nint length;
            do
            {
                length = SysSyscall.getxattrat(
                    SysSyscall.SYS_getxattrat, directory, in path.Reference, Fcntl.AT_SYMLINK_NOFOLLOW, name, in arguments,
                    (nuint)Unsafe.SizeOf<LinuxXattr.xattr_args>());
            }
            while (length < 0 && PosixException.LastErrno() == Errno.EINTR);

            return XattrLength(length, "getxattrat", name, entryName);
        }
    }

    internal static int? GetXattrAtByProc(Fd directory, ReadOnlySpan<byte> entryName, string name, Span<byte> buffer)
    {
        // Only checks the name; the call wants another path.
        using (CString.Name(entryName, stackalloc byte[CString.StackBytes]))
        {
        }

        var path = ProcPath.Of(directory, entryName, stackalloc byte[ProcPath.MaxBytes]);
        nint length;
        do
            length = SysXattr.lgetxattr(in path[0], name, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        while (length < 0 && PosixException.LastErrno() == Errno.EINTR);

        GC.KeepAlive(directory);
        return XattrLength(length, "lgetxattr", name, entryName);
    }

    /// <summary>Sets an extended attribute of an open file, also of one opened with <see cref="OpenFlags.Path"/>, such as a symlink.</summary>
    /// <param name="fd">The file; need not be open for writing.</param>
    /// <param name="name">The attribute with its namespace.</param>
    /// <param name="value">Replaces the old value, if any, at once: a reader sees the old or the new.</param>
    /// <exception cref="PosixException">EPERM: no privilege, or a <c>user.</c> attribute on a symlink, or an immutable file. ENOSPC, EDQUOT: no room.</exception>
    public static void SetXattr(SafeHandle fd, string name, ReadOnlySpan<byte> value)
    {
        int result;
        do
            result = SysXattr.fsetxattr(fd, name, in MemoryMarshal.GetReference(value), (nuint)value.Length, flags: 0);
        while (result != 0 && PosixException.LastErrno() == Errno.EINTR);

        if (result == 0)
            return;
        if (PosixException.LastErrno() is var errno and not Errno.EBADF)
            throw new PosixException(errno, $"fsetxattr {name}");

        var path = ProcPath.Of(fd, stackalloc byte[ProcPath.MaxBytes]);
        do
            result = SysXattr.setxattr(in path[0], name, in MemoryMarshal.GetReference(value), (nuint)value.Length, flags: 0);
        while (result != 0 && PosixException.LastErrno() == Errno.EINTR);

        GC.KeepAlive(fd);
        if (result != 0)
            throw new PosixException(PosixException.LastErrno(), $"setxattr {name}");
    }

    /// <summary>Removes an extended attribute of an open file; it is no error if there is none.</summary>
    public static void RemoveXattr(SafeHandle fd, string name)
    {
        int result;
        do
            result = SysXattr.fremovexattr(fd, name);
        while (result != 0 && PosixException.LastErrno() == Errno.EINTR);

        if (result == 0 || PosixException.LastErrno() == Errno.ENODATA)
            return;
        if (PosixException.LastErrno() is var errno and not Errno.EBADF)
            throw new PosixException(errno, $"fremovexattr {name}");

        var path = ProcPath.Of(fd, stackalloc byte[ProcPath.MaxBytes]);
        do
            result = SysXattr.removexattr(in path[0], name);
        while (result != 0 && PosixException.LastErrno() == Errno.EINTR);

        GC.KeepAlive(fd);
        if (result != 0 && PosixException.LastErrno() is var removed and not Errno.ENODATA)
            throw new PosixException(removed, $"removexattr {name}");
    }

    private static int? XattrLength(nint length, string call, string attribute, ReadOnlySpan<byte> entryName = default)
    {
        if (length >= 0)
            return (int)length;
        if (PosixException.LastErrno() is var errno and not Errno.ENODATA)
            throw new PosixException(errno, $"{call} {attribute}", entryName.IsEmpty ? null : PathText.Of(entryName));
        return null;
    }
}
