using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>Objects that were written again with the content they had: is there anything new about them?</summary>
internal static class TouchedObjects
{
    private const uint ModeBits = 0xFFF;

    /// <summary>Whether an object's metadata is what the ledger has recorded: then nothing is to be done. Where nobody can be at the data meanwhile the record
    /// is sealed anew, so that the next import need not ask.</summary>
    public static bool IsAsRecorded(TaskContext context, ImportEntry entry, ObjectHead head, in ObjectPosixMetadata said)
    {
        if (LedgerHashes.Identity(head.ETag) != LedgerHashes.Identity(entry.Object.ETag)) return false;
        using var node = Open(entry);
        if (node is null || context.Ledger.Read(node) is not { } record) return false;
        var status = FileSystemCalls.Status(node);
        if (said.IsSymlink != (status.Kind == FileKind.Symlink) || !Describes(said, record, status)) return false;
        if (status.Kind != FileKind.Regular || record.States.HasFlag(HsmStates.Released)) context.Ledger.TryWrite(node, record);
        return true;
    }

    private static Fd? Open(ImportEntry entry)
    {
        if (entry.Directory!.Existing is not { } directory) return null;
        try
        {
            return FileSystemCalls.OpenBeneath(directory, entry.IsDirectory ? [] : entry.Name, OpenFlags.Path | OpenFlags.NoFollow);
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>What the object does not say counts as being what it was.</summary>
    private static bool Describes(in ObjectPosixMetadata said, in LedgerRecord record, in FileStatus status)
    {
        if (said.MtimeNs is { } mtime && mtime != record.MtimeNs) return false;
        var asSaid = status with { Uid = said.Uid ?? status.Uid, Gid = said.Gid ?? status.Gid, MtimeNs = record.MtimeNs };
        if (status.Kind == FileKind.Symlink || said.Mode is not { } mode) return LedgerHashes.Metadata(asSaid) == record.MetadataHash;

        // An export records set-id bits, an import drops them.
        var type = status.Mode & ~ModeBits;
        var asExported = asSaid with { Mode = type + (mode & ModeBits) };
        var asImported = asSaid with { Mode = type + (mode & ObjectPosixMetadata.ImportedPermissions) };
        return LedgerHashes.Metadata(asExported) == record.MetadataHash || LedgerHashes.Metadata(asImported) == record.MetadataHash;
    }
}
