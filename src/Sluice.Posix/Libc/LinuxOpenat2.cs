using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>linux/openat2.h</c>.</summary>
internal static class LinuxOpenat2
{
    internal const int RESOLVE_NO_XDEV = 0x01;
    internal const int RESOLVE_NO_MAGICLINKS = 0x02;
    internal const int RESOLVE_NO_SYMLINKS = 0x04;
    internal const int RESOLVE_BENEATH = 0x08;

    [StructLayout(LayoutKind.Sequential)]
    internal struct open_how
    {
        internal ulong flags;
        internal ulong mode;
        internal ulong resolve;

        internal const int Bytes = 24;
    }
}
