using Sluice.Core.Files;
using Sluice.Core.Ids;
using Sluice.Engine.Ledger;
using Sluice.Protocol.Shapes;
using Sluice.SystemTests.Cancel;
using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>What was seen of a canceled task whose process died, for <see cref="CanceledContract"/> to judge. Entries are named by their paths.</summary>
internal sealed record CanceledFacts
{
    /// <summary>The type of the task.</summary>
    public required string Type { get; init; }

    /// <summary>The task at its end.</summary>
    public required DataRepositoryTask Ended { get; init; }

    /// <summary>The proxy's clock when the cancel was answered.</summary>
    public required long Answered { get; init; }

    /// <summary>Requests for the work of entries, over all lives of the task.</summary>
    public required IReadOnlyList<ProxyRequest> Works { get; init; }

    /// <summary>Keys that were asked about, in whatever way, before the answer.</summary>
    public required IReadOnlySet<string> AskedBefore { get; init; }

    /// <summary>All inodes before the task.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> Before { get; init; }

    /// <summary>All inodes when the cancel was answered.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> AtAnswer { get; init; }

    /// <summary>All inodes when the task had ended.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> AtEnd { get; init; }

    /// <summary>Uploads in parts that are still there.</summary>
    public required int PendingUploads { get; init; }

    /// <summary>What is left of the task in the data directory.</summary>
    public required IReadOnlyList<string> TaskFiles { get; init; }

    /// <summary>Entries whose record is this task's.</summary>
    public IEnumerable<KeyValuePair<string, InodeFacts>> Recorded
    {
        get
        {
            var tag = LedgerHashes.Tag(TaskId.Parse(Ended.TaskId!));
            return AtEnd.Where(pair => pair.Value.Record?.TaskTag == tag);
        }
    }

    /// <summary>Whether an entry is another than it was in <paramref name="earlier"/>, or was not there.</summary>
    public bool IsOther(IReadOnlyDictionary<string, InodeFacts> earlier, string path) => !earlier.TryGetValue(path, out var before) || before.Facts.Inode != AtEnd[path].Facts.Inode;

    /// <summary>Whether a file's record says in <paramref name="seen"/> that its data is to be fetched.</summary>
    public static bool IsReleased(IReadOnlyDictionary<string, InodeFacts> seen, string path) =>
        seen.TryGetValue(path, out var file) && file.Record is { } record && record.States.HasFlag(HsmStates.Released);
}
