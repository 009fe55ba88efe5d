using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>Translates <see cref="OpenFlags"/>: arm64 gives O_DIRECTORY and O_NOFOLLOW other bits (<c>asm/fcntl.h</c>).</summary>
internal static class NativeOpenFlags
{
    private const OpenFlags Differing = OpenFlags.Directory | OpenFlags.NoFollow;

    internal static int Of(OpenFlags flags) => Of(flags, RuntimeInformation.ProcessArchitecture);

    internal static int Of(OpenFlags flags, Architecture architecture)
    {
        var native = (int)(flags & ~Differing);
        if (flags.HasFlag(OpenFlags.Directory))
            native |= Abi.Select(architecture, x64: 0x10000, arm64: 0x4000);
        if (flags.HasFlag(OpenFlags.NoFollow))
            native |= Abi.Select(architecture, x64: 0x20000, arm64: 0x8000);
        return native;
    }
}
