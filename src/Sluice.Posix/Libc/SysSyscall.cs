using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>sys/syscall.h</c>: system calls without a function in every libc in use.</summary>
internal static partial class SysSyscall
{
    internal const int SYS_openat2 = 437;

    /// <summary>Linux 6.13 and later.</summary>
    internal const int SYS_getxattrat = 464;

    internal static readonly int SYS_getdents64 = Abi.Select(x64: 217, arm64: 61);
    internal static readonly int SYS_capget = Abi.Select(x64: 125, arm64: 90);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint openat2(nint number, Fd dirfd, in byte pathname, in LinuxOpenat2.open_how how, nuint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint getdents64(nint number, Fd fd, ref byte dirp, nuint count);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint getxattrat(
        nint number, Fd dirfd, in byte pathname, nint at_flags, string name, in LinuxXattr.xattr_args uargs, nuint usize);

    /// <summary>The same call with nothing to look at: it fails with EINVAL where the kernel has it.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint getxattrat_probe(
        nint number, nint dirfd, nint pathname, nint at_flags, nint name, nint uargs, nuint usize);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint capget(
        nint number, in LinuxCapability.__user_cap_header_struct header, ref LinuxCapability.__user_cap_data_struct firstOfTwo);
}
