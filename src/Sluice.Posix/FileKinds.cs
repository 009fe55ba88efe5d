using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>The kernel's two ways of saying what a file is.</summary>
internal static class FileKinds
{
    /// <summary>From a full <c>st_mode</c>.</summary>
    internal static FileKind OfMode(uint mode) => (mode & SysStat.S_IFMT) switch
    {
        SysStat.S_IFREG => FileKind.Regular,
        SysStat.S_IFDIR => FileKind.Directory,
        SysStat.S_IFLNK => FileKind.Symlink,
        SysStat.S_IFIFO => FileKind.Fifo,
        SysStat.S_IFSOCK => FileKind.Socket,
        SysStat.S_IFBLK => FileKind.BlockDevice,
        SysStat.S_IFCHR => FileKind.CharDevice,
        _ => FileKind.Unknown,
    };

    /// <summary>From the <c>d_type</c> of a directory entry.</summary>
    internal static FileKind OfDirent(byte type) => type switch
    {
        Dirent.DT_REG => FileKind.Regular,
        Dirent.DT_DIR => FileKind.Directory,
        Dirent.DT_LNK => FileKind.Symlink,
        Dirent.DT_FIFO => FileKind.Fifo,
        Dirent.DT_SOCK => FileKind.Socket,
        Dirent.DT_BLK => FileKind.BlockDevice,
        Dirent.DT_CHR => FileKind.CharDevice,
        _ => FileKind.Unknown,
    };
}
