namespace Sluice.Posix.Libc;

// What making files without a name, and giving them one, takes.
internal static partial class Fcntl
{
    internal const int AT_REMOVEDIR = 0x200;
    internal const int AT_SYMLINK_FOLLOW = 0x400;

    internal static readonly int O_TMPFILE = Abi.Select(x64: 0x410000, arm64: 0x404000);
}
