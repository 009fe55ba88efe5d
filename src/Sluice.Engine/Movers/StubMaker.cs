using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Movers;

/// <summary>
/// Makes files without data, such that nobody ever sees one that is not guarded:
/// <code>
/// file without a name → size, owner, mode, address, times, record → Watch → link      name taken by a file → link to a temporary name → rename over it
/// </code>
/// A death before the link leaves nothing; one before the rename leaves the temporary name, which the task's next life removes.
/// </summary>
internal sealed class StubMaker(TaskContext context, IFileSystemGuard guard)
{
    /// <summary>Makes the file of an object in the place of what is there: nothing, or a regular file.</summary>
    /// <exception cref="StartRefusedException">The task was canceled before.</exception>
    /// <exception cref="PosixException">EEXIST, EISDIR: something came into that place that is no regular file.</exception>
    public void Make(ImportEntry entry, ObjectHead head, in ImportedMetadata metadata, bool isReplacing, StartPermit permit)
    {
        var temporary = ImportLeftovers.TemporaryName(entry.Name);
        var (parent, file, isNamed) = permit.BeginWith(() =>
        {
            var directory = entry.Directory!.Open();
            entry.Directory.BeforeChild();
            CrashPoint.Before(SideEffect.ImportCreate);
            var (made, hasName) = Create(directory, temporary);
            CrashPoint.After(SideEffect.ImportCreate);
            return (directory, made, hasName);
        });

        using var opened = file;
        LedgerRecord record;
        try
        {
            record = Fill(file, entry, head, metadata);
            if (isReplacing || !TryLink(file, parent, entry.Name))
            {
                Replace(file, parent, entry.Name, temporary, isNamed);
                isNamed = false;
            }
        }
        finally
        {
            if (isNamed) ImportLeftovers.RemoveTemporary(parent, temporary);
        }

        // Getting its name, and losing another, moved the time of change, which may be past the seal by now: of a file that has its data that says that
        // somebody touched it.
        if (!record.States.HasFlag(HsmStates.Released)) context.Ledger.TryWrite(file, record);
    }

    private static (Fd File, bool IsNamed) Create(Fd parent, byte[] temporary)
    {
        try
        {
            return (FileSystemCalls.OpenNameless(parent), false);
        }
        catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL)
        {
            ImportLeftovers.RemoveTemporary(parent, temporary);
            const OpenFlags Flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
            return (FileSystemCalls.OpenBeneath(parent, temporary, Flags, mode: 0b110_000_000), true);
        }
    }

    private LedgerRecord Fill(Fd file, ImportEntry entry, ObjectHead head, in ImportedMetadata metadata)
    {
        var isEmpty = head.SizeBytes == 0;
        if (!isEmpty)
        {
            FileSystemCalls.SetLength(file, head.SizeBytes);
            context.Ledger.WriteAddress(file, new ObjectAddress(entry.Link.Repository.Bucket, entry.Object.Key, head.ETag));
        }

        FileSystemCalls.SetOwner(file, metadata.Uid, metadata.Gid);
        FileSystemCalls.SetMode(file, metadata.Permissions);
        FileSystemCalls.SetTimes(file, metadata.AtimeNs, metadata.MtimeNs);
        var status = FileSystemCalls.Status(file);
        var record = new LedgerRecord
        {
            States = isEmpty ? HsmStates.Exists | HsmStates.Archived : HsmStates.Exists | HsmStates.Archived | HsmStates.Released,
            SizeBytes = head.SizeBytes,
            MtimeNs = status.MtimeNs,
            SealNs = 0,
            Checksum = isEmpty ? Crc64Nvme.Hash([]) : head.Checksum ?? 0,
            MetadataHash = LedgerHashes.Metadata(status),
            AddressHash = entry.Link.Address.Of(entry.Path, isDirectory: false),
            IdentityHash = LedgerHashes.Identity(head.ETag),
            TaskTag = context.TaskTag,
        };
        if (!context.Ledger.TryWrite(file, record)) throw new PosixException(Errno.ENOSPC, "fsetxattr");

        // There is nothing in an empty file that anybody could have to wait for.
        if (isEmpty) return record;
        CrashPoint.Before(SideEffect.GuardWatch);
        guard.Watch(file);
        CrashPoint.After(SideEffect.GuardWatch);
        return record;
    }

    private static bool TryLink(Fd file, Fd parent, ReadOnlySpan<byte> name)
    {
        try
        {
            CrashPoint.Before(SideEffect.ImportLink);
            FileSystemCalls.Link(file, parent, name);
            CrashPoint.After(SideEffect.ImportLink);
            return true;
        }
        catch (PosixException e) when (e.Errno == Errno.EEXIST)
        {
            if (FileSystemCalls.StatusAt(parent, name).Kind != FileKind.Regular) throw;
            return false;
        }
    }

    private static void Replace(Fd file, Fd parent, ReadOnlySpan<byte> name, byte[] temporary, bool isNamed)
    {
        if (!isNamed && !TryLinkTemporary(file, parent, temporary)) LinkTemporary(file, parent, temporary);
        try
        {
            CrashPoint.Before(SideEffect.ImportRename);
            FileSystemCalls.RenameAt(parent, temporary, name);
            CrashPoint.After(SideEffect.ImportRename);
        }
        catch (PosixException)
        {
            ImportLeftovers.RemoveTemporary(parent, temporary);
            throw;
        }
    }

    private static bool TryLinkTemporary(Fd file, Fd parent, byte[] temporary)
    {
        try
        {
            LinkTemporary(file, parent, temporary);
            return true;
        }
        catch (PosixException e) when (e.Errno == Errno.EEXIST)
        {
            ImportLeftovers.RemoveTemporary(parent, temporary);
            return false;
        }
    }

    private static void LinkTemporary(Fd file, Fd parent, byte[] temporary)
    {
        CrashPoint.Before(SideEffect.ImportLinkTemporary);
        FileSystemCalls.Link(file, parent, temporary);
        CrashPoint.After(SideEffect.ImportLinkTemporary);
    }
}
