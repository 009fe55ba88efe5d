using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>Makes symlinks of objects whose body is the target. What the target is is nobody's business here: it is never followed.</summary>
internal sealed class SymlinkImporter(TaskContext context)
{
    private const int MaxTargetBytes = 4095;

    /// <summary>Makes, replaces or only updates one.</summary>
    public async Task<MoveResult> ImportAsync(ImportEntry entry, ObjectHead head, FileStatus? current, StartPermit permit, CancellationToken cancellationToken)
    {
        if (head.IsArchived) return MoveResult.Failed(FailureCode.S3SymlinkInUnsupportedTier, "The target is in an archive.");
        if (head.SizeBytes is 0 or > MaxTargetBytes)
            return MoveResult.Failed(FailureCode.InternalError, $"The target has {head.SizeBytes} bytes; expected 1 to 4,095.");
        var target = await ReadAsync(entry, head, cancellationToken);
        if (target.AsSpan().Contains((byte)0)) return MoveResult.Failed(FailureCode.InternalError, "The target has a NUL.");
        Make(entry, head, target, current, permit);
        return MoveResult.Done;
    }

    private static async Task<byte[]> ReadAsync(ImportEntry entry, ObjectHead head, CancellationToken cancellationToken)
    {
        await using var content = await entry.Link.Repository.GetAsync(entry.Object.Key, 0, length: null, head.ETag, cancellationToken);
        var target = new byte[head.SizeBytes];
        try
        {
            await content.Stream.ReadExactlyAsync(target, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new RepositoryException(RepositoryErrorCode.Unavailable, $"The target of '{entry.Object.Key}' could not be read: {e.Message}", isTransient: true, e);
        }

        return target;
    }

    private void Make(ImportEntry entry, ObjectHead head, byte[] target, FileStatus? current, StartPermit permit)
    {
        var metadata = ImportedMetadata.Of(head, ObjectPosixMetadata.Of(head.Metadata.User), current);
        var temporary = ImportLeftovers.TemporaryName(entry.Name);
        var (parent, made) = permit.BeginWith(() =>
        {
            var directory = entry.Directory!.Open();
            entry.Directory.BeforeChild();
            return (directory, Place(directory, entry.Name, temporary, target));
        });

        if (made is not null)
        {
            using (made) Describe(made, entry, head, target, metadata);
            return;
        }

        try
        {
            using (var symlink = OpenSymlink(parent, temporary)) Describe(symlink, entry, head, target, metadata);
            CrashPoint.Before(SideEffect.ImportRename);
            FileSystemCalls.RenameAt(parent, temporary, entry.Name);
            CrashPoint.After(SideEffect.ImportRename);
        }
        catch (PosixException)
        {
            ImportLeftovers.RemoveTemporary(parent, temporary);
            throw;
        }
    }

    /// <summary>The symlink, new or with the same target already; null when another one has its name: then the new one has the temporary name.</summary>
    private static Fd? Place(Fd parent, ReadOnlySpan<byte> name, byte[] temporary, byte[] target)
    {
        if (TryMake(parent, name, target)) return OpenSymlink(parent, name);
        var there = OpenSymlink(parent, name);
        try
        {
            if (HasTarget(there, target)) return there;
        }
        catch
        {
            there.Dispose();
            throw;
        }

        there.Dispose();
        if (!TryMake(parent, temporary, target))
        {
            ImportLeftovers.RemoveTemporary(parent, temporary);
            TryMake(parent, temporary, target);
        }

        return null;
    }

    private static bool TryMake(Fd parent, ReadOnlySpan<byte> name, byte[] target)
    {
        CrashPoint.Before(SideEffect.ImportSymlink);
        var isMade = FileSystemCalls.TryMakeSymlink(parent, name, target);
        CrashPoint.After(SideEffect.ImportSymlink);
        return isMade;
    }

    private static Fd OpenSymlink(Fd parent, ReadOnlySpan<byte> name)
    {
        var there = FileSystemCalls.OpenBeneath(parent, name, OpenFlags.Path | OpenFlags.NoFollow);
        try
        {
            if (FileSystemCalls.Status(there).Kind != FileKind.Symlink) throw new PosixException(Errno.EEXIST, "symlinkat", PathText.Of(name));
            return there;
        }
        catch
        {
            there.Dispose();
            throw;
        }
    }

    private static bool HasTarget(Fd symlink, byte[] target)
    {
        Span<byte> buffer = stackalloc byte[MaxTargetBytes + 1];
        return buffer[..FileSystemCalls.ReadLink(symlink, buffer)].SequenceEqual(target);
    }

    private void Describe(Fd symlink, ImportEntry entry, ObjectHead head, byte[] target, in ImportedMetadata metadata)
    {
        FileSystemCalls.SetOwner(symlink, metadata.Uid, metadata.Gid);
        CrashPoint.Before(SideEffect.ImportAttributes);
        FileSystemCalls.SetTimesOfPath(symlink, metadata.AtimeNs, metadata.MtimeNs);
        var status = FileSystemCalls.Status(symlink);
        context.Ledger.TryWrite(symlink, new LedgerRecord
        {
            States = HsmStates.Exists | HsmStates.Archived,
            SizeBytes = status.SizeBytes,
            MtimeNs = status.MtimeNs,
            SealNs = 0,
            Checksum = Crc64Nvme.Hash(target),
            MetadataHash = LedgerHashes.Metadata(status),
            AddressHash = entry.Link.Address.Of(entry.Path, isDirectory: false),
            IdentityHash = LedgerHashes.Identity(head.ETag),
            TaskTag = context.TaskTag,
        });
    }
}
