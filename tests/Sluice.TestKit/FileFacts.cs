namespace Sluice.TestKit;

/// <summary>What stat(2) says of an entry; a symlink is not followed. Nothing is opened for it, so nothing is restored.</summary>
public sealed record FileFacts
{
    /// <summary>Its inode's number.</summary>
    public required ulong Inode { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Blocks of 512 bytes it occupies.</summary>
    public required long Blocks { get; init; }

    /// <summary>It occupies no more than a block with extended attributes, which ext4 counts: there is no data.</summary>
    public bool HasNoData => Blocks <= 8;

    /// <summary>Time of the last access, in nanoseconds since 1970.</summary>
    public required long AccessedNs { get; init; }

    /// <summary>Time of the last modification.</summary>
    public required long ModifiedNs { get; init; }

    /// <summary>Time of the last change of the inode.</summary>
    public required long ChangedNs { get; init; }

    /// <summary>Of the entry at a path, which must be there.</summary>
    public static FileFacts Of(TreePath path) => TryOf(path) ?? throw new FileNotFoundException($"There is no {path}.");

    /// <summary>Of the entry at a path; null when there is none.</summary>
    public static FileFacts? TryOf(TreePath path) => Libc.Stat(path.Terminated()) is not { } stat
        ? null
        : new FileFacts
        {
            Inode = stat.stx_ino,
            Size = (long)stat.stx_size,
            Blocks = (long)stat.stx_blocks,
            AccessedNs = Nanoseconds(stat.stx_atime),
            ModifiedNs = Nanoseconds(stat.stx_mtime),
            ChangedNs = Nanoseconds(stat.stx_ctime),
        };

    private static long Nanoseconds(Libc.statx_timestamp time) => (time.tv_sec * 1_000_000_000) + time.tv_nsec;
}
