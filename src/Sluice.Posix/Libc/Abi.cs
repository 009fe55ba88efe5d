using System.Runtime.InteropServices;

namespace Sluice.Posix.Libc;

/// <summary>Chooses between numbers which Linux gives differently to different processors.</summary>
internal static class Abi
{
    /// <summary>The number for the processor this process runs on.</summary>
    /// <exception cref="PlatformNotSupportedException">The numbers of this processor are not known here.</exception>
    internal static int Select(int x64, int arm64) => Select(RuntimeInformation.ProcessArchitecture, x64, arm64);

    internal static int Select(Architecture architecture, int x64, int arm64) => architecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 => arm64,
        _ => throw new PlatformNotSupportedException($"Sluice knows the system calls of x86-64 and arm64, not of {architecture}."),
    };
}
