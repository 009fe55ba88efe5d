using System.IO.Hashing;
using System.Text;
using Sluice.Core.Files;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Storage;

namespace Sluice.SimulationTests.Checks;

/// <summary>A disk, its bucket, and how the one stands to the other.</summary>
internal sealed class LinkedDisk(FileSystemId id, SimulatedDisk disk, SimulatedBucket bucket, string prefix)
{
    private const string Attribute = "trusted.sluice";

    public FileSystemId Id { get; } = id;

    /// <summary>Whether all that is on the disk is imported from the bucket, which others write into; else all that is in the bucket is exported from the disk.</summary>
    public bool IsImported { get; init; }

    public SimulatedDisk Disk { get; } = disk;

    public SimulatedBucket Bucket { get; } = bucket;

    /// <summary>Empty, or ends in a slash.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>Where completion reports go: not where they would be imported.</summary>
    public string ReportsPrefix => IsImported ? "reports/" : $"{Prefix}.reports/";

    /// <summary>Keys whose object was written again with the content it had.</summary>
    public HashSet<string> Touched { get; } = [];

    public bool IsReport(string key) => key.StartsWith(ReportsPrefix, StringComparison.Ordinal);

    /// <summary>What the completion report of a task says; null where there is none.</summary>
    public string? ReportOf(RepositoryTask task) =>
        Bucket.Objects.TryGetValue($"{ReportsPrefix}{task.Id}/{(task.Type == TaskType.ImportMetadata ? "report" : "failures")}.csv", out var report) ? Encoding.UTF8.GetString(report.Content) : null;

    /// <summary>Everything that has an object when all is exported.</summary>
    public IEnumerable<Inode> Exported() => Disk.Inodes.Where(inode => inode.Parent is not null || Prefix.Length > 0);

    public string KeyOf(Inode inode) => inode.IsDirectory && inode.Parent is not null ? $"{Prefix}{inode.Path}/" : Prefix + inode.Path;

    public StoredObject? ObjectOf(Inode inode) => Bucket.Objects.GetValueOrDefault(KeyOf(inode));

    /// <summary>Objects that an import has to make entries of.</summary>
    public IEnumerable<KeyValuePair<string, StoredObject>> Importable() =>
        Bucket.Objects.Where(item => !IsReport(item.Key) && !item.Key.Contains(BucketWriter.NoPath, StringComparison.Ordinal));

    /// <summary>What a key names on the disk; null where that is not there.</summary>
    public Inode? InodeOf(string key) => Disk.Inodes.FirstOrDefault(inode => KeyOf(inode) == key);

    /// <summary>Whether it is what an import is about to give its name.</summary>
    public static bool IsTemporary(Inode inode) => IsTemporary(inode.Name);

    /// <summary>Whether a name is one an import needs for a moment.</summary>
    public static bool IsTemporary(string name) => name.StartsWith(".sluice-import-", StringComparison.Ordinal);

    public static LedgerRecord? RecordOf(Inode inode) => inode.Attributes.TryGetValue(Attribute, out var bytes) ? LedgerRecord.TryDecode(bytes) : null;

    /// <summary>Whether a file's record says that its data is only in the bucket.</summary>
    public static bool IsReleased(Inode file) => RecordOf(file)?.States.HasFlag(HsmStates.Released) == true;

    /// <summary>Whether a file's data can't be brought back, because others have overwritten its object.</summary>
    public bool IsLost(Inode file) => IsImported && IsReleased(file) && !IsOf(file, ObjectOf(file));

    /// <summary>Whether an entry's record says that it is the object.</summary>
    public static bool IsOf(Inode inode, StoredObject? stored) =>
        stored is not null && RecordOf(inode) is { } record && record.States.HasFlag(HsmStates.Exists) && record.IdentityHash == LedgerHashes.Identity(stored.ETag);

    /// <summary>What the ledger says of it.</summary>
    public Standing StandingOf(Inode inode) => Standings.Judge(RecordOf(inode), StatusOf(inode), HashOf(KeyOf(inode)));

    /// <summary>Whether its object is what it is: content and metadata, but for a directory's times.</summary>
    public bool IsExported(Inode inode)
    {
        if (ObjectOf(inode) is not { } found) return false;
        var status = StatusOf(inode);
        if (inode.IsDirectory)
        {
            var said = ObjectPosixMetadata.Of(found.Metadata.User);
            return found.Content.Length == 0 && said.Mode == status.Mode && said.Uid == status.Uid && said.Gid == status.Gid;
        }

        return found.Content.AsSpan().SequenceEqual(inode.Written)
            && new PosixMetadata(status.Mode, status.Uid, status.Gid, status.AtimeNs, status.MtimeNs).Describes(found.Metadata.User);
    }

    /// <summary>The object at the address that a record names by its hash.</summary>
    public (string Key, StoredObject Object)? ObjectAt(ulong addressHash)
    {
        foreach (var (key, stored) in Bucket.Objects)
        {
            if (HashOf(key) == addressHash) return (key, stored);
        }

        return null;
    }

    private ulong HashOf(string key) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{Bucket.Name}\0{key}"));

    private static FileStatus StatusOf(Inode inode) => new()
    {
        Mode = inode.Mode,
        Uid = inode.Uid,
        Gid = inode.Gid,
        SizeBytes = inode.Content.Length,
        MtimeNs = inode.MtimeNs,
        CtimeNs = inode.CtimeNs,
        AtimeNs = inode.AtimeNs,
        LinkCount = 1,
    };
}
