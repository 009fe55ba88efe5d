using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>linux/capability.h</c>.</summary>
internal static class LinuxCapability
{
    internal const int _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    internal const int _LINUX_CAPABILITY_U32S_3 = 2;

    [StructLayout(LayoutKind.Sequential)]
    internal struct __user_cap_header_struct
    {
        internal uint version;
        internal int pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct __user_cap_data_struct
    {
        internal uint effective;
        internal uint permitted;
        internal uint inheritable;
    }
}
