using System.Runtime.InteropServices;

namespace Sluice.TestKit;

/// <summary>Extended attributes by path, without the file being opened; those of a symlink are its own.</summary>
public static class Xattr
{
    private const int ENODATA = 61;
    private const int MaxBytes = 65_536;

    /// <summary>An attribute's value; null when there is no such attribute, or no such file.</summary>
    public static byte[]? TryGet(TreePath path, string name)
    {
        var value = new byte[MaxBytes];
        TreePath attribute = name;
        var length = Libc.lgetxattr(path.Terminated(), attribute.Terminated(), value, MaxBytes);
        if (length >= 0) return value[..(int)length];
        return Marshal.GetLastPInvokeError() is ENODATA or Libc.ENOENT ? null : throw Libc.Failed("lgetxattr", path.Bytes);
    }
}
