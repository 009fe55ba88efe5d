using System.Runtime.InteropServices;

namespace Sluice.Posix;

/// <summary>Constants of the kernel's interface, with their C names; where x86-64 and arm64 differ, chosen when the process starts.</summary>
#pragma warning disable CA1707, IDE1006 // Names as in C.
internal static class Numbers
{
    public const int O_CLOEXEC = 0x80000;
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_NO_AUTOMOUNT = 0x800;
    public const int AT_EMPTY_PATH = 0x1000;
    public const uint STATX_BASIC_STATS = 0x7ff;
    public const ulong STATX_ATTR_IMMUTABLE = 0x10;
    public const ulong RESOLVE_NO_XDEV = 0x01;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;
    public const int CLOCK_REALTIME_COARSE = 5;
    public const int POSIX_FADV_SEQUENTIAL = 2;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const int RLIMIT_NOFILE = 7;
    public const int SYS_openat2 = 437;
    public const int SYS_getxattrat = 464;
    public const uint S_IFMT = 0xF000;

    private static readonly bool IsArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static readonly int SYS_getdents64 = IsArm64 ? 61 : 217;
    public static readonly int O_DIRECTORY = IsArm64 ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = IsArm64 ? 0x8000 : 0x20000;
}
