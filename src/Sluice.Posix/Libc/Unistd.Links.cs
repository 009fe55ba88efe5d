using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

internal static partial class Unistd
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int linkat(Fd olddirfd, in byte oldpath, Fd newdirfd, in byte newpath, int flags);

    /// <summary>The same call, with an old path that is absolute.</summary>
    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    internal static partial int linkat_absolute(int olddirfd, in byte oldpath, Fd newdirfd, in byte newpath, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int symlinkat(in byte target, Fd newdirfd, in byte linkpath);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int unlinkat(Fd dirfd, in byte pathname, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fchownat(Fd dirfd, in byte pathname, uint owner, uint group, int flags);
}
