using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>A directory's object as it was asked.</summary>
/// <param name="Head">The object.</param>
/// <param name="AddressHash">Hash of its bucket and key.</param>
internal sealed record DirectoryObject(ObjectHead Head, ulong AddressHash)
{
    /// <summary>Gives a directory what its object says; where it says nothing, a new one gets the defaults and another keeps what it has.</summary>
    public void Apply(Fd directory, bool isNew)
    {
        var metadata = ObjectPosixMetadata.Of(Head.Metadata.User);
        var now = FileSystemCalls.Status(directory);
        CrashPoint.Before(SideEffect.ImportAttributes);
        FileSystemCalls.SetOwner(directory, metadata.Uid ?? (isNew ? 0 : now.Uid), metadata.Gid ?? (isNew ? 0 : now.Gid));
        CrashPoint.Before(SideEffect.ImportAttributes);
        FileSystemCalls.SetMode(directory, metadata.Permissions ?? (isNew ? ObjectPosixMetadata.DefaultPermissions : now.Mode & 0xFFF));
        var mtime = metadata.MtimeNs ?? ObjectTimes.Ns(Head.LastModified);
        CrashPoint.Before(SideEffect.ImportAttributes);
        FileSystemCalls.SetTimes(directory, metadata.AtimeNs ?? mtime, mtime);
    }

    /// <summary>What the ledger then says of it.</summary>
    public LedgerRecord Record(in FileStatus status, ulong taskTag) => new()
    {
        States = HsmStates.Exists | HsmStates.Archived,
        SizeBytes = 0,
        MtimeNs = status.MtimeNs,
        SealNs = 0,
        Checksum = 0,
        MetadataHash = LedgerHashes.Metadata(status),
        AddressHash = AddressHash,
        IdentityHash = LedgerHashes.Identity(Head.ETag),
        TaskTag = taskTag,
    };
}
