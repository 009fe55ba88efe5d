using Sluice.Core.Files;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>Owner, permissions and times a file or symlink gets by an import: what its object says, else what the file in its place has, else the defaults.</summary>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Permissions">Permissions without set-id bits.</param>
/// <param name="AtimeNs">Access time.</param>
/// <param name="MtimeNs">Modification time; the object's own where it says nothing.</param>
internal readonly record struct ImportedMetadata(uint Uid, uint Gid, uint Permissions, long AtimeNs, long MtimeNs)
{
    /// <summary>Works it out.</summary>
    /// <param name="head">The object.</param>
    /// <param name="said">What its metadata says.</param>
    /// <param name="current">What is in its place; null when there is nothing.</param>
    public static ImportedMetadata Of(ObjectHead head, in ObjectPosixMetadata said, FileStatus? current)
    {
        var mtime = said.MtimeNs ?? ObjectTimes.Ns(head.LastModified);
        return new ImportedMetadata(
            said.Uid ?? current?.Uid ?? 0,
            said.Gid ?? current?.Gid ?? 0,
            said.Permissions ?? (current?.Mode & ObjectPosixMetadata.ImportedPermissions) ?? ObjectPosixMetadata.DefaultPermissions,
            said.AtimeNs ?? mtime,
            mtime);
    }
}
