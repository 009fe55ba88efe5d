namespace Sluice.TestKit;

/// <summary>What an entry of a test tree is.</summary>
public enum TreeEntryKind
{
    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A regular file, perhaps empty, perhaps with holes.</summary>
    File,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>A second name of a file made earlier.</summary>
    HardLink,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A socket's node in the file system; nobody listens on it.</summary>
    Socket,
}
