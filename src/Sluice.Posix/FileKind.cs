namespace Sluice.Posix;

/// <summary>What an entry of a directory is.</summary>
public enum FileKind
{
    /// <summary>Not told: the file system leaves it to statx, or the entry could not be looked at.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A character device.</summary>
    CharDevice,
}
