namespace Sluice.Posix.Libc;

/// <summary><c>dirent.h</c>: the kernel's records are of varying length, so they are read by offset.</summary>
internal static class Dirent
{
    internal const byte DT_FIFO = 1;
    internal const byte DT_CHR = 2;
    internal const byte DT_DIR = 4;
    internal const byte DT_BLK = 6;
    internal const byte DT_REG = 8;
    internal const byte DT_LNK = 10;
    internal const byte DT_SOCK = 12;

    /// <summary>Offsets within <c>struct dirent64</c>.</summary>
    internal static class Offset
    {
        internal const int d_ino = 0;
        internal const int d_off = 8;
        internal const int d_reclen = 16;
        internal const int d_type = 18;
        internal const int d_name = 19;
    }
}
