using System.Text;
using Sluice.Core.Files;
using Sluice.Posix;

namespace Sluice.Engine.Ledger;

/// <summary>What the ledger says of one path, for people: the counterpart of <c>lfs hsm_state</c>.</summary>
/// <param name="States">Lustre's flags, Dirty worked out from the inode as it is.</param>
/// <param name="Record">The record; null when there is none.</param>
/// <param name="Object">Where its data is; null when the file has it.</param>
public sealed record FileState(HsmStates States, LedgerRecord? Record, ObjectAddress? Object)
{
    /// <summary>Looks at an entry without following a symlink and without opening a file's data.</summary>
    /// <exception cref="PosixException">The path can't be reached.</exception>
    public static FileState Inspect(string path)
    {
        var full = Path.GetFullPath(path);
        var name = Path.GetFileName(full);
        using var parent = FileSystemCalls.OpenRoot(name.Length == 0 ? full : Path.GetDirectoryName(full) ?? "/");
        var bytes = Encoding.UTF8.GetBytes(name.Length == 0 ? "." : name);
        var status = FileSystemCalls.StatusAt(parent, bytes);
        var record = Names.Select(candidate => Read(parent, bytes, candidate)).FirstOrDefault(found => found is not null);
        if (record is not { } r) return new FileState(HsmStates.None, Record: null, Object: null);
        var isStale = Standings.Judge(r, status, r.AddressHash) is Standing.DataChanged or Standing.MetadataChanged;
        var address = !r.States.HasFlag(HsmStates.Released) ? null : Names.Select(candidate => ReadAddress(parent, bytes, candidate)).FirstOrDefault(found => found is not null);
        return new FileState(isStale ? r.States | HsmStates.Dirty : r.States, r, address);
    }

    private static readonly string[] Names = ["trusted.sluice", "user.sluice"];

    private static LedgerRecord? Read(Fd parent, byte[] name, string attribute)
    {
        Span<byte> bytes = stackalloc byte[LedgerRecord.EncodedBytes];
        return TryGet(parent, name, attribute, bytes) is { } length ? LedgerRecord.TryDecode(bytes[..length]) : null;
    }

    private static ObjectAddress? ReadAddress(Fd parent, byte[] name, string attribute)
    {
        Span<byte> bytes = stackalloc byte[ObjectAddress.MaxBytes];
        return TryGet(parent, name, LedgerStore.AddressNameOf(attribute), bytes) is { } length ? ObjectAddress.TryDecode(bytes[..length]) : null;
    }

    private static int? TryGet(Fd parent, byte[] name, string attribute, Span<byte> bytes)
    {
        try
        {
            return FileSystemCalls.GetXattrAt(parent, name, attribute, bytes);
        }
        catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.ERANGE)
        {
            return null;
        }
    }
}
