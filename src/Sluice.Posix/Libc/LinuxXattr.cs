using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>linux/xattr.h</c>.</summary>
internal static class LinuxXattr
{
    /// <summary>What <c>getxattrat</c> fills; Linux 6.13 and later.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct xattr_args
    {
        internal ulong value;
        internal uint size;
        internal uint flags;
    }
}
