using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Posix;

namespace Sluice.Engine.Ledger;

/// <summary>
/// Reads and writes the record on an inode: <c>trusted.sluice</c>, or <c>user.sluice</c> where the process lacks CAP_SYS_ADMIN (the file's owner can
/// forge it then, and symlinks can't carry one). Where an entry can carry no record, the object itself is asked instead.
/// </summary>
public sealed class LedgerStore
{
    private const string TrustedName = "trusted.sluice";
    private const string UserName = "user.sluice";

    private const long SealRoomNs = 100_000;
    private const long MaxSealRoomNs = 10_000_000;

    private readonly string? _name;

    private LedgerStore(string? name) => _name = name;

    private string AddressName => AddressNameOf(_name);

    /// <summary>Whether anything on this file system can carry a record.</summary>
    public bool IsSupported => _name is not null;

    /// <summary>Whether only this program's own rights can write records.</summary>
    public bool IsTrusted => _name == TrustedName;

    /// <summary>Finds out what the file system of <paramref name="root"/> allows, by writing and removing an attribute on it.</summary>
    public static LedgerStore Probe(Fd root)
    {
        string[] candidates = FileSystemCalls.HasCapability(Capability.SysAdmin) ? [TrustedName, UserName] : [UserName];
        foreach (var name in candidates)
        {
            try
            {
                var probe = name + ".probe";
                FileSystemCalls.SetXattr(root, probe, [1]);
                FileSystemCalls.RemoveXattr(root, probe);
                return new LedgerStore(name);
            }
            catch (PosixException e) when (e.Errno is Errno.ENOSPC or Errno.EDQUOT)
            {
                // It takes them, only not now: what was recorded before is still good, and a full file system is one to be exported.
                return new LedgerStore(name);
            }
            catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.EACCES or Errno.EROFS or Errno.ENOSYS)
            {
            }
        }

        return new LedgerStore(null);
    }

    /// <summary>Whether this entry can carry a record.</summary>
    public bool CanRecord(in FileStatus status) =>
        _name is not null && !status.IsImmutable && (status.Kind != FileKind.Symlink || _name == TrustedName);

    /// <summary>The record of an entry of an open directory, without opening the entry; null when it has none.</summary>
    public LedgerRecord? ReadAt(Fd directory, ReadOnlySpan<byte> name)
    {
        if (_name is null) return null;
        Span<byte> bytes = stackalloc byte[LedgerRecord.EncodedBytes];
        try
        {
            var length = FileSystemCalls.GetXattrAt(directory, name, _name, bytes);
            return length is { } n ? Decode(bytes[..n]) : null;
        }
        catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.ERANGE or Errno.ENOENT)
        {
            return null;
        }
    }

    // Nothing is released without the right to trusted attributes: whoever says so wants the content of another object.
    private LedgerRecord? Decode(ReadOnlySpan<byte> bytes) =>
        LedgerRecord.TryDecode(bytes) is { } record && (IsTrusted || !record.States.HasFlag(HsmStates.Released)) ? record : null;

    /// <summary>Whether an open file has a record at all, be it one that can't be read.</summary>
    public bool HasRecord(Fd file) => _name is not null && FileSystemCalls.GetXattr(file, _name, []) is not null;

    /// <summary>The record of an open file; null when it has none.</summary>
    public LedgerRecord? Read(Fd file)
    {
        if (_name is null) return null;
        Span<byte> bytes = stackalloc byte[LedgerRecord.EncodedBytes];
        try
        {
            var length = FileSystemCalls.GetXattr(file, _name, bytes);
            return length is { } n ? Decode(bytes[..n]) : null;
        }
        catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.ERANGE)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes a record. Setting an attribute moves ctime, so the seal is taken just before, and set a little ahead: what touches the inode until then is not
    /// noticed. Where the process was held up in between, it is written again with more room; where that fails, the record stands, and the inode looks touched.
    /// </summary>
    /// <returns>False when the inode can't carry it (full, immutable, no attributes), and has the record it had.</returns>
    public bool TryWrite(Fd file, LedgerRecord record)
    {
        if (_name is null) return false;
        Span<byte> bytes = stackalloc byte[LedgerRecord.EncodedBytes];
        var isWritten = false;
        try
        {
            for (var room = SealRoomNs; ; room *= 10)
            {
                var sealedRecord = record with { SealNs = FileSystemCalls.FineTimeNs() + room };
                sealedRecord.Encode(bytes);
                CrashPoint.Before(SideEffect.LedgerWriteRecord);
                FileSystemCalls.SetXattr(file, _name, bytes);
                isWritten = true;
                CrashPoint.After(SideEffect.LedgerWriteRecord);
                if (FileSystemCalls.Status(file).CtimeNs <= sealedRecord.SealNs || room >= MaxSealRoomNs) break;
            }

            return true;
        }
        catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.EACCES or Errno.EROFS or Errno.ENOSPC
            or Errno.EDQUOT or Errno.ERANGE)
        {
            return isWritten;
        }
    }

    /// <summary>The attribute beside that of a record which says where the data is.</summary>
    internal static string AddressNameOf(string? name) => name + ".object";

    /// <summary>Where a released file's data is; null when the inode does not say, or whoever owns it could say so.</summary>
    public ObjectAddress? ReadAddress(Fd file)
    {
        if (!IsTrusted) return null;
        Span<byte> bytes = stackalloc byte[ObjectAddress.MaxBytes];
        return FileSystemCalls.GetXattr(file, AddressName, bytes) is { } length ? ObjectAddress.TryDecode(bytes[..length]) : null;
    }

    /// <summary>Whether an entry of an open directory says where its data is.</summary>
    public bool HasAddressAt(Fd directory, ReadOnlySpan<byte> name)
    {
        try
        {
            return _name is not null && FileSystemCalls.GetXattrAt(directory, name, AddressName, []) is not null;
        }
        catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>Writes where the data of a file is that is about to be released.</summary>
    /// <exception cref="PosixException">The inode can't carry it.</exception>
    public void WriteAddress(Fd file, ObjectAddress address)
    {
        CrashPoint.Before(SideEffect.LedgerWriteAddress);
        FileSystemCalls.SetXattr(file, AddressName, address.Encode());
        CrashPoint.After(SideEffect.LedgerWriteAddress);
    }

    /// <summary>Removes it, if it is there: the data is back.</summary>
    public void RemoveAddress(Fd file)
    {
        try
        {
            CrashPoint.Before(SideEffect.LedgerRemoveAddress);
            FileSystemCalls.RemoveXattr(file, AddressName);
            CrashPoint.After(SideEffect.LedgerRemoveAddress);
        }
        catch (PosixException e) when (e.Errno == Errno.ENODATA)
        {
        }
    }
}
