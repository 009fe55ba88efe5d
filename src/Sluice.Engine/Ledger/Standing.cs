using Sluice.Core.Files;
using Sluice.Posix;

namespace Sluice.Engine.Ledger;

/// <summary>How an entry stands to its record, as far as the inode alone tells.</summary>
internal enum Standing
{
    /// <summary>Archived under this key and untouched since.</summary>
    Current,

    /// <summary>No record.</summary>
    Unknown,

    /// <summary>Archived, but under another key: renamed, or another hard link of the inode.</summary>
    Moved,

    /// <summary>Size or mtime differ.</summary>
    DataChanged,

    /// <summary>Mode or owner differ.</summary>
    MetadataChanged,

    /// <summary>Everything equal, yet the inode was touched after the seal (rename there and back, link, forged mtime), or the record is racy.</summary>
    Suspect,
}

/// <summary>Judges an entry by its record (DESIGN: mtime alone is never believed).</summary>
internal static class Standings
{
    /// <summary>The standing of an entry whose key hashes to <paramref name="addressHash"/>.</summary>
    public static Standing Judge(LedgerRecord? record, in FileStatus status, ulong addressHash)
    {
        if (record is not { } r || !r.States.HasFlag(HsmStates.Exists)) return Standing.Unknown;

        if (r.AddressHash != addressHash) return Standing.Moved;

        // The data is only in the repository: its size and times say nothing of it. Not so where a release has begun, and has freed nothing.
        if (r.States.HasFlag(HsmStates.Released) && !r.IsReleasing)
            return r.MetadataHash == LedgerHashes.Metadata(status) ? Standing.Current : Standing.MetadataChanged;
        var isFile = status.Kind == FileKind.Regular;

        // Somebody wrote it while nobody guarded it; the time of modification may have been put back.
        if (isFile && r.States.HasFlag(HsmStates.Dirty)) return Standing.DataChanged;
        if (isFile && (r.SizeBytes != status.SizeBytes || r.MtimeNs != status.MtimeNs)) return Standing.DataChanged;
        if (r.MetadataHash != LedgerHashes.Metadata(status)) return Standing.MetadataChanged;

        // The target of a symlink and the body of a directory object can't change under an inode.
        return isFile && (status.CtimeNs > r.SealNs || r.IsRacy) ? Standing.Suspect : Standing.Current;
    }
}
