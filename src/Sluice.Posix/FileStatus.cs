namespace Sluice.Posix;

/// <summary>Kind of a file (inode(7)).</summary>
public enum FileKind
{
    /// <summary>Not known without asking statx.</summary>
    Unknown,

    /// <summary>Regular file.</summary>
    Regular,

    /// <summary>Directory.</summary>
    Directory,

    /// <summary>Symbolic link.</summary>
    Symlink,

    /// <summary>FIFO.</summary>
    Fifo,

    /// <summary>Socket.</summary>
    Socket,

    /// <summary>Block device.</summary>
    BlockDevice,

    /// <summary>Character device.</summary>
    CharDevice,
}

/// <summary>What statx(2) says of an inode. Times are nanoseconds since 1970, signed.</summary>
public readonly record struct FileStatus
{
    /// <summary>Kind.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>st_mode: type and permissions.</summary>
    public required uint Mode { get; init; }

    /// <summary>Owner.</summary>
    public required uint Uid { get; init; }

    /// <summary>Group.</summary>
    public required uint Gid { get; init; }

    /// <summary>Bytes of content.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Modification time.</summary>
    public required long MtimeNs { get; init; }

    /// <summary>Change time.</summary>
    public required long CtimeNs { get; init; }

    /// <summary>Access time.</summary>
    public required long AtimeNs { get; init; }

    /// <summary>Inode number.</summary>
    public required ulong Inode { get; init; }

    /// <summary>Device: major in the upper, minor in the lower half.</summary>
    public required ulong Device { get; init; }

    /// <summary>Number of hard links.</summary>
    public required uint LinkCount { get; init; }

    /// <summary>Bytes allocated.</summary>
    public required long BlocksBytes { get; init; }

    /// <summary>Whether the inode is immutable (chattr +i).</summary>
    public required bool IsImmutable { get; init; }

    internal static FileStatus From(in LibC.Statx s) => new()
    {
        Kind = KindOf(s.Mode),
        Mode = s.Mode,
        Uid = s.Uid,
        Gid = s.Gid,
        SizeBytes = (long)s.Size,
        MtimeNs = s.Mtime.ToNs(),
        CtimeNs = s.Ctime.ToNs(),
        AtimeNs = s.Atime.ToNs(),
        Inode = s.Inode,
        Device = ((ulong)s.DevMajor << 32) | s.DevMinor,
        LinkCount = s.LinkCount,
        BlocksBytes = (long)s.Blocks * 512,
        IsImmutable = (s.Attributes & Numbers.STATX_ATTR_IMMUTABLE) != 0,
    };

    private static FileKind KindOf(uint mode) => (mode & Numbers.S_IFMT) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Symlink,
        0x1000 => FileKind.Fifo,
        0xC000 => FileKind.Socket,
        0x6000 => FileKind.BlockDevice,
        0x2000 => FileKind.CharDevice,
        _ => FileKind.Unknown,
    };
}
