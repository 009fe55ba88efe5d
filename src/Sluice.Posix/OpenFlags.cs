namespace Sluice.Posix;

/// <summary>How to open a file: open(2). The values are x86-64's; the library translates them for other processors.</summary>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,

    /// <summary>O_WRONLY.</summary>
    WriteOnly = 0x1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 0x2,

    /// <summary>O_CREAT: needs a mode.</summary>
    Create = 0x40,

    /// <summary>O_EXCL.</summary>
    Exclusive = 0x80,

    /// <summary>O_TRUNC.</summary>
    Truncate = 0x200,

    /// <summary>O_NONBLOCK: opening a FIFO or a device does not wait.</summary>
    NonBlock = 0x800,

    /// <summary>O_DIRECTORY: anything else is ENOTDIR.</summary>
    Directory = 0x10000,

    /// <summary>O_NOFOLLOW: with <see cref="Path"/>, opens a symlink itself.</summary>
    NoFollow = 0x20000,

    /// <summary>O_NOATIME: EPERM for those who neither own the file nor have CAP_FOWNER.</summary>
    NoAtime = 0x40000,

    /// <summary>O_CLOEXEC; always set by this library.</summary>
    CloseOnExec = 0x80000,

    /// <summary>O_PATH: a reference to the file which can not read or write it. Only with Directory and NoFollow.</summary>
    Path = 0x200000,
}
