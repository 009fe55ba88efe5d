using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Posix;

/// <summary>Extended attributes (xattr(7)).</summary>
public static unsafe partial class FileSystemCalls
{
    // Kernel 6.13 can read an attribute relative to a directory without opening the file.
    private static volatile bool _hasGetxattrat = true;

    /// <summary>Reads an attribute of an open file (also one opened with <see cref="OpenFlags.Path"/>); null when it has none of this name.</summary>
    /// <returns>The attribute's length. ERANGE when the buffer is too small.</returns>
    public static int? GetXattr(SafeHandle file, string attribute, Span<byte> buffer)
    {
        fixed (byte* name = CString.Of(attribute), value = buffer)
        {
            var length = LibC.fgetxattr(file, name, value, (nuint)buffer.Length);
            if (length < 0 && LastErrno() == Errno.EBADF) length = WithProcPath(file, name, value, buffer.Length);
            return Length(length, "fgetxattr");
        }
    }

    /// <summary>Reads an attribute of an entry of an open directory, without opening it or following a symlink.</summary>
    public static int? GetXattrAt(Fd directory, ReadOnlySpan<byte> entryName, string attribute, Span<byte> buffer)
    {
        Span<byte> stack = stackalloc byte[CString.StackBytes];
        fixed (byte* path = CString.Terminate(entryName, stack), name = CString.Of(attribute), value = buffer)
        {
            if (_hasGetxattrat)
            {
                var args = new LibC.XattrArgs { Value = (ulong)value, Size = (uint)buffer.Length };
                var length = (nint)Getxattrat(directory, path, name, &args);
                if (length >= 0 || LastErrno() != Errno.ENOSYS) return Length(length, "getxattrat");
                _hasGetxattrat = false;
            }

            return Length(LgetxattrAt(directory, entryName, name, value, buffer.Length), "lgetxattr");
        }
    }

    /// <summary>Sets an attribute of an open file, also one opened with <see cref="OpenFlags.Path"/> (a symlink).</summary>
    public static void SetXattr(SafeHandle file, string attribute, ReadOnlySpan<byte> content)
    {
        fixed (byte* name = CString.Of(attribute), value = content)
        {
            var result = LibC.fsetxattr(file, name, value, (nuint)content.Length, 0);
            if (result != 0 && LastErrno() == Errno.EBADF)
            {
                fixed (byte* path = CString.Of(ProcPath(file))) result = LibC.setxattr(path, name, value, (nuint)content.Length, 0);
            }

            if (result != 0) throw PosixException.Last("setxattr");
        }
    }

    /// <summary>Removes an attribute of an open file; a missing one is success.</summary>
    public static void RemoveXattr(SafeHandle file, string attribute)
    {
        fixed (byte* name = CString.Of(attribute))
        {
            if (LibC.fremovexattr(file, name) != 0 && LastErrno() != Errno.ENODATA) throw PosixException.Last("fremovexattr");
        }
    }

    private static long Getxattrat(Fd directory, byte* path, byte* name, LibC.XattrArgs* args)
    {
        var added = false;
        try
        {
            directory.DangerousAddRef(ref added);

            // The syscall takes its flags as the third argument, which is a pointer's place in this declaration.
            return LibC.syscall(
                Numbers.SYS_getxattrat, directory.Number, path, (void*)Numbers.AT_SYMLINK_NOFOLLOW, (long)name, args, sizeof(LibC.XattrArgs));
        }
        finally
        {
            if (added) directory.DangerousRelease();
        }
    }

    private static nint LgetxattrAt(Fd directory, ReadOnlySpan<byte> entryName, byte* name, byte* value, int size)
    {
        byte[] path = [.. Encoding.ASCII.GetBytes(ProcPath(directory)), (byte)'/', .. entryName, 0];
        fixed (byte* text = path) return LibC.lgetxattr(text, name, value, (nuint)size);
    }

    // O_PATH descriptors have no attributes of their own, but the magic link to one leads to the inode, symlinks included.
    private static nint WithProcPath(SafeHandle file, byte* name, byte* value, int size)
    {
        fixed (byte* path = CString.Of(ProcPath(file))) return LibC.getxattr(path, name, value, (nuint)size);
    }

    private static string ProcPath(SafeHandle file) => $"/proc/self/fd/{file.DangerousGetHandle()}";

    private static int? Length(nint result, string call)
    {
        if (result >= 0) return (int)result;
        return LastErrno() == Errno.ENODATA ? null : throw PosixException.Last(call);
    }
}
