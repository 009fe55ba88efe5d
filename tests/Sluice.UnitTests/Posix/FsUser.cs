using System.Runtime.InteropServices;

namespace Sluice.UnitTests.Posix;

/// <summary>
/// Makes the calling thread, and no other, look at files as another user (setfsuid(2)); while that is not root, the thread has no
/// privilege on files. No await may come in between.
/// </summary>
internal readonly ref struct FsUser
{
    private FsUser(uint uid) => _ = setfsuid(uid);

    internal static FsUser Nobody => new(65534);

    public void Dispose() => _ = setfsuid(0);

#pragma warning disable SYSLIB1054, IDE1006 // This project has no unsafe code, which generated bindings need.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setfsuid(uint uid);
}
