using Sluice.SystemTests.Cancel;

namespace Sluice.SystemTests.Crash;

/// <summary>What holds of a canceled task although its process died: it ends CANCELED, starts nothing, leaves nothing half, and counts what it did.</summary>
internal static class CanceledContract
{
    /// <summary>All that is wrong; nothing when the contract was kept.</summary>
    public static IEnumerable<string> Violations(CanceledFacts facts) => OfTheEnd(facts).Concat(facts.Type switch
    {
        TaskTypes.Export => OfExport(facts),
        TaskTypes.Import => OfImport(facts),
        TaskTypes.Release => OfRelease(facts),
        _ => OfRestore(facts),
    });

    private static IEnumerable<string> OfTheEnd(CanceledFacts facts)
    {
        if (facts.Ended.Lifecycle != "CANCELED" || facts.Ended.EndTime is null) yield return $"it ended {facts.Ended.Lifecycle} at {facts.Ended.EndTime}";

        // The name that is no key, or the key that is no path, where the scan came to it before the cancel.
        if (facts.Ended.Status!.FailedCount is not (0 or 1)) yield return $"{facts.Ended.Status.FailedCount} failed";
        if (facts.PendingUploads > 0) yield return $"{facts.PendingUploads} uploads are left";
        foreach (var path in facts.TaskFiles) yield return $"'{path}' is left";
    }

    private static IEnumerable<string> OfExport(CanceledFacts facts)
    {
        foreach (var request in facts.Works.Where(request => request.Clock > facts.Answered)) yield return $"began after the answer, #{facts.Answered}: {request}";

        // What was in flight when the process died may be stored without a record: that counts for the next export. A symlink has none ever. An inode's record
        // tells of one of its names: those of the others count that were stored.
        var stored = facts.Works.Where(request => request.ServerStatus == 200).Select(request => request.Key[CrashLane.KeyPrefix.Length..]).ToHashSet();
        var recorded = facts.Recorded.GroupBy(pair => pair.Value.Facts.Inode).Sum(inode => Math.Max(1, inode.Count(pair => stored.Contains(pair.Key))));
        if (Succeeded(facts) < recorded || Succeeded(facts) > facts.Works.Count) yield return $"{Succeeded(facts)} succeeded, {recorded} are recorded, {facts.Works.Count} were begun";
    }

    private static IEnumerable<string> OfImport(CanceledFacts facts)
    {
        // An entry gets its name last: those that had begun may appear after the answer.
        var late = facts.AtEnd.Keys.Where(path => facts.IsOther(facts.AtAnswer, path)).ToList();
        if (late.Count > CrashLane.Concurrency) yield return $"{late.Count} entries appeared after the answer: {string.Join(", ", late)}";

        // A directory may be there for the sake of what is in it, without its own object having been imported; the tree's own was there all along.
        var files = facts.AtEnd.Count(pair => facts.IsOther(facts.Before, pair.Key) && pair.Value.IsWithoutData);
        if (Succeeded(facts) < files || Succeeded(facts) > facts.AtEnd.Count + 1) yield return $"{Succeeded(facts)} succeeded, {files} files were made, {facts.AtEnd.Count} entries are there";
    }

    private static IEnumerable<string> OfRelease(CanceledFacts facts)
    {
        // Whether those that are not are whole, the next trial finds out: it reads them all.
        var released = facts.AtEnd.Where(pair => CanceledFacts.IsReleased(facts.AtEnd, pair.Key)).ToList();
        foreach (var (path, _) in released.Where(pair => !facts.AtAnswer[pair.Key].HasAddress)) yield return $"'{path}' was begun after the answer";
        foreach (var wrong in OfCount(facts, released)) yield return wrong;
    }

    private static IEnumerable<string> OfRestore(CanceledFacts facts)
    {
        // One that had begun when the process died is still released; the next restore begins it anew.
        var restored = facts.AtEnd.Where(pair => CanceledFacts.IsReleased(facts.Before, pair.Key) && !CanceledFacts.IsReleased(facts.AtEnd, pair.Key)).ToList();

        // What was asked for may have been refused by the gate when it came: it stays as it was. A large file begins when a HEAD is answered.
        var names = restored.GroupBy(pair => pair.Value.Facts.Inode).Where(inode => !inode.Any(pair => facts.AskedBefore.Contains(CrashLane.KeyPrefix + pair.Key)));
        foreach (var inode in names) yield return $"'{inode.First().Key}' was restored, and asked for only after the answer";
        foreach (var (path, seen) in restored.Where(pair => !pair.Value.IsResident)) yield return $"'{path}' is neither restored nor released: {seen}";
        foreach (var wrong in OfCount(facts, restored)) yield return wrong;
    }

    /// <summary>Each name counts that the task came to; a recount comes to all of them.</summary>
    private static IEnumerable<string> OfCount(CanceledFacts facts, List<KeyValuePair<string, InodeFacts>> done)
    {
        if (Succeeded(facts) < Inodes(done).Count || Succeeded(facts) > done.Count)
            yield return $"{Succeeded(facts)} succeeded, {Inodes(done).Count} files with {done.Count} names are done";
    }

    private static long Succeeded(CanceledFacts facts) => facts.Ended.Status!.SucceededCount!.Value;

    private static HashSet<ulong> Inodes(IEnumerable<KeyValuePair<string, InodeFacts>> entries) => [.. entries.Select(pair => pair.Value.Facts.Inode)];
}
