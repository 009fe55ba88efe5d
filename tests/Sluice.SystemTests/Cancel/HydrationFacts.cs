using Sluice.Protocol.Shapes;
using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>What was seen of one trial of a release or an import, for <see cref="HydrationContract"/> to judge. Entries are named by their paths.</summary>
internal sealed record HydrationFacts
{
    public required string Type { get; init; }

    public required TrialPlan Plan { get; init; }

    /// <summary>Files in flight at most.</summary>
    public required int Concurrency { get; init; }

    /// <summary>What its client saw of the canceled task.</summary>
    public required CancelCourse Course { get; init; }

    /// <summary>All inodes before the task.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> Before { get; init; }

    /// <summary>The same right after the cancel was answered.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> AtAnswer { get; init; }

    /// <summary>The same when the task had ended.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> AtEnd { get; init; }

    /// <summary>The same a little later.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> Later { get; init; }

    /// <summary>Entries whose object the task looked at, and was told of only after the answer.</summary>
    public required IReadOnlySet<string> LookedAfterAnswer { get; init; }

    /// <summary>The same task again, when it had ended.</summary>
    public required DataRepositoryTask Next { get; init; }

    /// <summary>All inodes thereafter.</summary>
    public required IReadOnlyDictionary<string, InodeFacts> Last { get; init; }

    /// <summary>Files that hold something else than they should, at the very end.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    /// <summary>Whether the task has begun an entry, as seen in <paramref name="seen"/>.</summary>
    public bool HasBegun(IReadOnlyDictionary<string, InodeFacts> seen, string path) =>
        seen.TryGetValue(path, out var now)
        && (!Before.TryGetValue(path, out var before) || (Type == TaskTypes.Release && (now.HasAddress || now.Record != before.Record)));

    /// <summary>Files of the tree that have data.</summary>
    public IEnumerable<TreeEntry> Files => Plan.Tree.Entries.Where(entry => entry.Kind == TreeEntryKind.File && entry.Size > 0);
}
