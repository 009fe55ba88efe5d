namespace Sluice.Posix;

/// <summary>How to open (open(2)); translated to the machine's own numbers.</summary>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,

    /// <summary>O_RDWR | O_CREAT.</summary>
    ReadWriteCreate = 0x1,

    /// <summary>O_NONBLOCK: a FIFO that took a file's place doesn't block.</summary>
    NonBlock = 0x2,

    /// <summary>O_DIRECTORY.</summary>
    Directory = 0x4,

    /// <summary>O_NOFOLLOW.</summary>
    NoFollow = 0x8,

    /// <summary>O_NOATIME; EPERM for files of others without CAP_FOWNER.</summary>
    NoAtime = 0x10,

    /// <summary>O_PATH: names the inode, can't read it.</summary>
    Path = 0x20,
}
