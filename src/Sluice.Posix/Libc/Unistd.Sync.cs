using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

internal static partial class Unistd
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int syncfs(Fd fd);
}
