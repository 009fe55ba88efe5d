using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>sys/resource.h</c>.</summary>
internal static partial class SysResource
{
    internal const int RLIMIT_NOFILE = 7;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getrlimit(int resource, out rlimit rlim);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setrlimit(int resource, in rlimit rlim);

    [StructLayout(LayoutKind.Sequential)]
    internal struct rlimit
    {
        internal ulong rlim_cur;
        internal ulong rlim_max;
    }
}
