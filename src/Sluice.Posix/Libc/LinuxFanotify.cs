using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>linux/fanotify.h</c>, as of Linux 6.14.</summary>
internal static partial class LinuxFanotify
{
    internal const uint FAN_CLOEXEC = 0x1;
    internal const uint FAN_NONBLOCK = 0x2;
    internal const uint FAN_CLASS_PRE_CONTENT = 0x8;
    internal const uint FAN_UNLIMITED_QUEUE = 0x10;
    internal const uint FAN_UNLIMITED_MARKS = 0x20;
    internal const uint FAN_REPORT_FD_ERROR = 0x2000;

    internal const uint FAN_MARK_ADD = 0x1;
    internal const uint FAN_MARK_REMOVE = 0x2;
    internal const uint FAN_MARK_MOUNT = 0x10;
    internal const uint FAN_MARK_IGNORED_SURV_MODIFY = 0x40;
    internal const uint FAN_MARK_FILESYSTEM = 0x100;
    internal const uint FAN_MARK_EVICTABLE = 0x200;
    internal const uint FAN_MARK_IGNORE = 0x400;

    internal const ulong FAN_OPEN_PERM = 0x10000;
    internal const ulong FAN_PRE_ACCESS = 0x100000;

    internal const uint FAN_ALLOW = 0x1;
    internal const uint FAN_DENY = 0x2;

    internal const byte FANOTIFY_METADATA_VERSION = 3;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fanotify_init(uint flags, uint event_f_flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fanotify_mark(Fd fanotify_fd, uint flags, ulong mask, int dirfd, in byte pathname);

    /// <summary><c>FAN_DENY_ERRNO</c>.</summary>
    internal static uint DenyErrno(Errno errno) => FAN_DENY | (((uint)errno & 0xFF) << 24);
}
