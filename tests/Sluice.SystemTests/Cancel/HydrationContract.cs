using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>The cancel contract, C1 to C9, for tasks whose work is done to inodes: releases and imports.</summary>
internal static class HydrationContract
{
    /// <summary>All that is wrong; nothing when the contract was kept.</summary>
    public static IEnumerable<string> Violations(HydrationFacts facts) =>
        facts.Course.Violations(mustFail: false)
            .Concat(OfStarts(facts))
            .Concat(OfEntries(facts))
            .Concat(facts.Type == TaskTypes.Release ? OfReleaseCounts(facts) : OfImportCounts(facts))
            .Concat(OfTheEnd(facts));

    private static IEnumerable<string> OfStarts(HydrationFacts facts)
    {
        if (!facts.Course.IsCanceled) yield break;
        var late = facts.AtEnd.Keys.Where(path => facts.HasBegun(facts.AtEnd, path) && !facts.HasBegun(facts.AtAnswer, path)).ToList();
        if (facts.Type == TaskTypes.Release)
        {
            // A release begins with a change of the inode, which is made before the cancel is answered.
            foreach (var path in late) yield return $"C3: '{path}' was begun after the answer";
            yield break;
        }

        // A stub gets its name last: those that had begun may appear after the answer.
        if (late.Count > facts.Concurrency) yield return $"C3: {late.Count} entries appeared after the answer, with {facts.Concurrency} in flight at most: {string.Join(", ", late.Select(path => $"'{path}'"))}";
        foreach (var path in late.Where(facts.LookedAfterAnswer.Contains)) yield return $"C3: '{path}' was made, and its object was known only after the answer";
    }

    private static IEnumerable<string> OfEntries(HydrationFacts facts)
    {
        foreach (var entry in facts.Files)
        {
            var path = entry.Path.ToString();
            if (!facts.AtEnd.TryGetValue(path, out var seen))
            {
                if (facts.Type == TaskTypes.Release) yield return $"C4: '{path}' is gone";
                continue;
            }

            var isWhole = facts.HasBegun(facts.AtEnd, path) ? seen.IsWithoutData : seen.IsResident;
            if (!isWhole) yield return $"C4: '{path}' is neither wholly without its data nor untouched: {seen}";
            if (seen.Facts.Size != entry.Size) yield return $"C4: '{path}' has {seen.Facts.Size} bytes of {entry.Size}";
            if (entry.ModifiedNs is { } modified && seen.Facts.ModifiedNs != modified) yield return $"C4: '{path}' was modified at {seen.Facts.ModifiedNs}, expected {modified}";
        }

        foreach (var (path, seen) in facts.AtEnd)
        {
            if (!facts.Plan.Tree.Contains(path)) yield return $"C9: there is '{path}', which is no entry of the tree";
            if (!facts.Later.TryGetValue(path, out var later) || !later.IsSame(seen)) yield return $"C5/C6: '{path}' changed after the end: {seen}, {later}";
        }

        foreach (var path in facts.Later.Keys.Except(facts.AtEnd.Keys)) yield return $"C6: '{path}' appeared after the end";
    }

    private static IEnumerable<string> OfReleaseCounts(HydrationFacts facts)
    {
        var status = facts.Course.Ended.Status;
        var released = facts.Files.Count(entry => facts.HasBegun(facts.AtEnd, entry.Path.ToString()));
        var rest = facts.Files.Count() - released;
        if ((status?.SucceededCount ?? 0) != released) yield return $"C7: {status?.SucceededCount} succeeded, {released} are released";
        if (status?.FailedCount > 0) yield return $"C7: {status.FailedCount} failed";
        if ((facts.Next.Status?.SucceededCount ?? 0) != rest) yield return $"C7: the next release counts {facts.Next.Status?.SucceededCount}, {rest} were left";
        if (!facts.Course.IsCanceled && rest > 0) yield return $"C8: the task had ended, yet {rest} were left";
        foreach (var entry in facts.Files.Where(entry => facts.Last.GetValueOrDefault(entry.Path.ToString())?.IsWithoutData != true))
            yield return $"C7: the next release left out '{entry.Path}': {facts.Last.GetValueOrDefault(entry.Path.ToString())}";
    }

    private static IEnumerable<string> OfImportCounts(HydrationFacts facts)
    {
        var status = facts.Course.Ended.Status;
        var succeeded = status?.SucceededCount ?? 0;
        var begun = facts.AtEnd.Keys.Where(path => facts.HasBegun(facts.AtEnd, path)).ToList();

        // A directory may be there for the sake of what is in it, without its own object being imported yet; the tree's own was there all along.
        var leaves = begun.Count(path => facts.Plan.Tree.Entry(path).Kind != TreeEntryKind.Directory);
        if (succeeded < leaves || succeeded > begun.Count + 1) yield return $"C7: {succeeded} succeeded, {begun.Count} are there, {leaves} of them no directories";
        if (status?.FailedCount > 0) yield return $"C7: {status.FailedCount} failed";
        foreach (var path in begun.Where(path => facts.Last.TryGetValue(path, out var last) && last.Facts.Inode != facts.AtEnd[path].Facts.Inode))
            yield return $"C7: the next import made '{path}' again";
        foreach (var entry in facts.Plan.Tree.Entries.Where(entry => !facts.Last.ContainsKey(entry.Path.ToString()))) yield return $"C7: the next import left out '{entry.Path}'";
        if (!facts.Course.IsCanceled && facts.Plan.Tree.Entries.Any(entry => !facts.AtEnd.ContainsKey(entry.Path.ToString()))) yield return "C8: the task had ended, yet not all is there";
    }

    private static IEnumerable<string> OfTheEnd(HydrationFacts facts)
    {
        if (facts.Next.Lifecycle != "SUCCEEDED") yield return $"C7: the next task ended {facts.Next.Lifecycle} ({facts.Next.FailureDetails?.Message})";
        foreach (var path in facts.Last.Keys.Where(path => !facts.Plan.Tree.Contains(path))) yield return $"C9: in the end there is '{path}'";
        foreach (var wrong in facts.Wrong) yield return wrong;
    }
}
