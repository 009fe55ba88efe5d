using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>How an object of a listing stands to what is in its place.</summary>
internal enum ObjectStanding
{
    /// <summary>New, or another one than was archived or imported here.</summary>
    Changed,

    /// <summary>The same content, but written again since: perhaps with other metadata.</summary>
    Touched,

    /// <summary>Imported or archived by an earlier task.</summary>
    Current,

    /// <summary>Imported by an earlier life of this task.</summary>
    Done,
}

/// <summary>Judges objects by the ledger alone: neither a request nor a write.</summary>
internal sealed class ImportJudge(TaskContext context)
{
    // Clocks of two machines.
    private const long ToleranceNs = 2_000_000_000;

    /// <summary>The standing of an object whose directory is <paramref name="directory"/> (for a directory, itself).</summary>
    public ObjectStanding Judge(ImportDirectory directory, LinkedDirectory link, ReadOnlySpan<byte> path, bool isDirectory, ListedObject listed)
    {
        if (directory.Existing is not { } existing) return ObjectStanding.Changed;
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        var record = isDirectory ? context.Ledger.Read(existing) : context.Ledger.ReadAt(existing, name);
        if (record is not { } r || !r.States.HasFlag(HsmStates.Exists) || r.IdentityHash != LedgerHashes.Identity(listed.ETag)) return ObjectStanding.Changed;
        if (r.AddressHash != link.Address.Of(path, isDirectory) && (isDirectory || !IsHardLink(existing, name))) return ObjectStanding.Changed;
        if (r.TaskTag == context.TaskTag) return ObjectStanding.Done;
        return ObjectTimes.Ns(listed.LastModified) > r.SealNs + ToleranceNs ? ObjectStanding.Touched : ObjectStanding.Current;
    }

    // An inode has one record, whatever names it has: it is the one of another name, with the same content.
    private static bool IsHardLink(Fd directory, ReadOnlySpan<byte> name) =>
        FileSystemCalls.StatusAt(directory, name) is { Kind: FileKind.Regular, LinkCount: > 1 };
}
