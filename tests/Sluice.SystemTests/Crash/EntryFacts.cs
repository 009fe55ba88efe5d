using Sluice.Core.Ids;
using Sluice.Engine.Ledger;
using Sluice.SystemTests.Cancel;

namespace Sluice.SystemTests.Crash;

/// <summary>What a run leaves of each entry, told so that it is the same whenever and by whichever task it was done.</summary>
internal static class EntryFacts
{
    /// <summary>A line for each entry beneath a directory, by its path in it.</summary>
    /// <param name="folder">The directory.</param>
    /// <param name="taskId">The task: its records are told from others'.</param>
    public static Dictionary<string, string> Of(string folder, string taskId)
    {
        var tag = LedgerHashes.Tag(TaskId.Parse(taskId));
        return InodeFacts.Of(folder).ToDictionary(pair => pair.Key, pair => Line(Path.Combine(folder, pair.Key), pair.Value, tag), StringComparer.Ordinal);
    }

    private static string Line(string path, InodeFacts inode, ulong tag)
    {
        var facts = inode.Facts;
        var isLink = new FileInfo(path).LinkTarget is not null;
        var kind = isLink ? "symlink" : Directory.Exists(path) ? "directory" : "file";
        var content = kind == "file" ? $", {facts.Size} bytes, {(facts.Size > 0 && facts.HasNoData ? "without" : "with")} data" : "";
        var mode = isLink ? "" : $", mode {(int)File.GetUnixFileMode(path)}";
        return $"{kind}{content}{mode}, modified {facts.ModifiedNs}, {(inode.HasAddress ? "address" : "no address")}, {Record(inode.Record, tag)}";
    }

    // Left out: when it was written, whether that was soon after a change, and where the object is.
    private static string Record(LedgerRecord? found, ulong tag) => found is not { } record
        ? "no record"
        : $"record: {record.States}{(record.IsRestoring ? ", restoring" : "")}{(record.IsReleasing ? ", releasing" : "")}, {record.SizeBytes} bytes, modified {record.MtimeNs}, checksum {record.Checksum:x}, "
            + $"metadata {record.MetadataHash:x}, identity {record.IdentityHash:x}, {(record.TaskTag == tag ? "this task's" : "another task's")}";
}
