using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>fcntl.h</c>: file handles. <c>struct file_handle</c> is handle_bytes (4), handle_type (4) and the bytes.</summary>
internal static partial class FileHandles
{
    internal const int MAX_HANDLE_SZ = 128;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int name_to_handle_at(Fd dirfd, in byte pathname, ref byte handle, out int mount_id, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int open_by_handle_at(Fd mount_fd, in byte handle, int flags);
}
