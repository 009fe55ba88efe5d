using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Posix;
using Sluice.TestKit;

namespace Sluice.SimulationTests.Posix;

/// <summary>Has Sluice.Posix call <see cref="ProcessCalls"/> in place of libc, in this whole program: a small library with libc's names
/// (<c>tests/rigs/simulated-libc</c>) hands its calls on to the process that is simulated on the calling thread.</summary>
internal static class SimulatedLibc
{
    private static readonly Task Installed = InstallAsync();

    /// <summary>Whose calls those of this thread are; null for nobody's.</summary>
    [field: ThreadStatic]
    public static ProcessCalls? Current { get; set; }

    /// <summary>To be awaited before anything of Sluice.Posix is used.</summary>
    public static Task EnsureInstalledAsync() => Installed;

    private static async Task InstallAsync()
    {
        var library = NativeLibrary.Load(await NativeProgram.BuildLibraryAsync("simulated-libc"));
        SetAnswerer(library);
        NativeLibrary.SetDllImportResolver(typeof(Fd).Assembly, (name, _, _) => name == "libc" ? library : 0);

        // What it asks once, it asks nobody's simulation.
        RuntimeHelpers.RunClassConstructor(typeof(FileSystemCalls).TypeHandle);
    }

    private static unsafe void SetAnswerer(nint library) =>
        ((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<nint, nint, nint, nint, nint, nint, nint, nint>, void>)NativeLibrary.GetExport(library, "simulate"))(&Answer);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Answer(nint call, nint a, nint b, nint c, nint d, nint e, nint f) => ProcessCalls.Answer(Current, (Call)call, a, b, c, d, e, f);
}

/// <summary>The calls; numbered as in simulated-libc.c.</summary>
internal enum Call
{
    Open,
    OpenAt,
    Syscall,
    Statx,
    GetXattr,
    SetXattr,
    RemoveXattr,
    Read,
    Seek,
    Close,
    Fcntl,
    GetTime,
    GetTimeResolution,
    ReadLink,
    SyncFs,
    Allocate,
    Write,
    SetTimes,
    FlushData,
    StartFlush,
    SetLength,
    Link,
    Rename,
    Unlink,
    MakeDirectory,
    MakeSymlink,
    SetOwner,
    SetMode,
    SetTimesOfPath,
}
