using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>linux/loop.h</c> and, for the call, <c>sys/ioctl.h</c>.</summary>
internal static partial class LinuxLoop
{
    internal const int LOOP_CONFIGURE = 0x4C0A;
    internal const int LOOP_CTL_GET_FREE = 0x4C82;
    internal const int LO_FLAGS_AUTOCLEAR = 4;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ioctl(Fd fd, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int ioctl_configure(Fd fd, nuint request, in loop_config argument);

    [StructLayout(LayoutKind.Sequential, Size = 232)]
    internal struct loop_info64
    {
        internal ulong lo_device;
        internal ulong lo_inode;
        internal ulong lo_rdevice;
        internal ulong lo_offset;
        internal ulong lo_sizelimit;
        internal uint lo_number;
        internal uint lo_encrypt_type;
        internal uint lo_encrypt_key_size;
        internal uint lo_flags;
    }

    [StructLayout(LayoutKind.Sequential, Size = 304)]
    internal struct loop_config
    {
        internal uint fd;
        internal uint block_size;
        internal loop_info64 info;
    }
}
