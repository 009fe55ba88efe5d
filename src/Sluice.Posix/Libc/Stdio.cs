using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary><c>stdio.h</c>.</summary>
internal static partial class Stdio
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int renameat(Fd olddirfd, in byte oldpath, Fd newdirfd, in byte newpath);
}
