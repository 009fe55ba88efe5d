using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>What an entry's inode tells without its being opened.</summary>
/// <param name="Facts">What stat(2) says.</param>
/// <param name="Record">Its record in the ledger; null when it has none.</param>
/// <param name="HasAddress">It tells where its data is.</param>
internal sealed record InodeFacts(FileFacts Facts, LedgerRecord? Record, bool HasAddress)
{
    /// <summary>It has been released or imported, wholly: nothing of it is left to do.</summary>
    public bool IsWithoutData => Record is { IsRestoring: false } record && record.States.HasFlag(HsmStates.Released | HsmStates.Archived) && HasAddress && Facts.HasNoData;

    /// <summary>It has its data and nothing was begun.</summary>
    public bool IsResident => Record is { } record && !record.States.HasFlag(HsmStates.Released) && !HasAddress;

    /// <summary>Whether nothing was done to the entry in between. Walking a directory and reading a symlink, as this trial does itself, move their access times.</summary>
    public bool IsSame(InodeFacts other) => (this with { Facts = Facts with { AccessedNs = 0 } }) == (other with { Facts = other.Facts with { AccessedNs = 0 } });

    /// <summary>All entries of a directory, by their paths in it. Nothing is restored by looking.</summary>
    public static Dictionary<string, InodeFacts> Of(string folder)
    {
        var found = new Dictionary<string, InodeFacts>(StringComparer.Ordinal);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, ReturnSpecialDirectories = false };
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", options))
        {
            // It may go or be renamed while others are looked at.
            if (FileFacts.TryOf(path) is not { } facts) continue;
            var record = Xattr.TryGet(path, "trusted.sluice") is { } bytes ? LedgerRecord.TryDecode(bytes) : null;
            found[Path.GetRelativePath(folder, path)] = new(facts, record, Xattr.TryGet(path, "trusted.sluice.object") is not null);
        }

        return found;
    }
}
