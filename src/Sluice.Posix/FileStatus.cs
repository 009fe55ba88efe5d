using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>
/// What statx(2) tells of a file. Instants are nanoseconds since 1970 (negative before); file systems can hold instants that
/// do not fit (after the year 2262), which become the nearest that does.
/// </summary>
public readonly record struct FileStatus
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>What the file is, from <see cref="Mode"/>; Unknown for a default value.</summary>
    public FileKind Kind => FileKinds.OfMode(Mode);

    /// <summary>Type and permissions: the whole <c>st_mode</c>.</summary>
    public uint Mode { get; init; }

    /// <summary>The owner.</summary>
    public uint Uid { get; init; }

    /// <summary>The group.</summary>
    public uint Gid { get; init; }

    /// <summary>Length of a file's content, or of a symlink's target.</summary>
    public long SizeBytes { get; init; }

    /// <summary>When the content changed; anyone who may write the file can set it.</summary>
    public long MtimeNs { get; init; }

    /// <summary>When the inode changed; only the kernel sets it.</summary>
    public long CtimeNs { get; init; }

    /// <summary>When the content was read; kept coarsely by most mounts.</summary>
    public long AtimeNs { get; init; }

    /// <summary>When it was last read, written or changed in any way, as far as the times tell.</summary>
    public long LastTouchedNs => Math.Max(AtimeNs, Math.Max(MtimeNs, CtimeNs));

    /// <summary>The inode's number.</summary>
    public ulong Inode { get; init; }

    /// <summary>The file system's device number, encoded as in <c>st_dev</c>.</summary>
    public ulong Device { get; init; }

    /// <summary>Hard links to the inode.</summary>
    public uint LinkCount { get; init; }

    /// <summary>Space taken on the device; less than the size in a sparse file.</summary>
    public long BlocksBytes { get; init; }

    /// <summary>chattr +i: nothing can change it, not even root, nor its extended attributes.</summary>
    public bool IsImmutable { get; init; }

    /// <summary>chattr +a: content can only be appended, and extended attributes can not be changed.</summary>
    public bool IsAppendOnly { get; init; }

    /// <summary>Another file system, or another part of one, is mounted here.</summary>
    public bool IsMountRoot { get; init; }

    /// <summary>When the inode was made; 0 where the file system does not keep it. Tells an inode from the next one with its number.</summary>
    internal long BirthNs { get; init; }

    /// <summary>Whether both are looks at one inode.</summary>
    internal bool IsSameInode(in FileStatus other) =>
        Inode == other.Inode && Device == other.Device && BirthNs == other.BirthNs;

    internal static FileStatus From(in SysStat.statx source) => new()
    {
        Mode = source.stx_mode,
        Uid = source.stx_uid,
        Gid = source.stx_gid,
        SizeBytes = (long)source.stx_size,
        MtimeNs = Nanoseconds(source.stx_mtime),
        CtimeNs = Nanoseconds(source.stx_ctime),
        AtimeNs = Nanoseconds(source.stx_atime),
        Inode = source.stx_ino,
        Device = DeviceNumber(source.stx_dev_major, source.stx_dev_minor),
        LinkCount = source.stx_nlink,
        // The unit of stx_blocks is 512 bytes whatever the file system's own block is.
        BlocksBytes = (long)source.stx_blocks * 512,
        IsImmutable = (source.stx_attributes & SysStat.STATX_ATTR_IMMUTABLE) != 0,
        IsAppendOnly = (source.stx_attributes & SysStat.STATX_ATTR_APPEND) != 0,
        IsMountRoot = (source.stx_attributes & SysStat.STATX_ATTR_MOUNT_ROOT) != 0,
        BirthNs = (source.stx_mask & SysStat.STATX_BTIME) != 0 ? Nanoseconds(source.stx_btime) : 0,
    };

    internal static long Nanoseconds(in SysStat.statx_timestamp time)
    {
        var nanoseconds = ((Int128)time.tv_sec * NanosecondsPerSecond) + time.tv_nsec;
        return (long)Int128.Clamp(nanoseconds, long.MinValue, long.MaxValue);
    }

    /// <summary>makedev(3): the low byte of the minor, then 12 bits of the major, then what is left of both.</summary>
    internal static ulong DeviceNumber(uint major, uint minor) =>
        (minor & 0xFFUL) | ((major & 0xFFFUL) << 8) | ((minor & 0xFFFF_FF00UL) << 12) | ((major & 0xFFFF_F000UL) << 32);
}
