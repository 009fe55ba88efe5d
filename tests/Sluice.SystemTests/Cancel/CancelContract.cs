namespace Sluice.SystemTests.Cancel;

/// <summary>The cancel contract, C1 to C9, as questions to the facts of one trial.</summary>
internal static class CancelContract
{
    /// <summary>All that is wrong; nothing when the contract was kept.</summary>
    public static IEnumerable<string> Violations(TrialFacts facts)
    {
        var started = facts.Started;
        var isCanceled = facts.Course.IsCanceled;
        var status = facts.Course.Ended.Status;
        var failed = status?.FailedCount ?? 0;
        foreach (var violation in facts.Course.Violations(facts.MustFail > 0)) yield return violation;

        if (isCanceled)
        {
            foreach (var (key, clock) in started.Where(pair => pair.Value > facts.Clock.Answer))
                yield return $"C3: '{key}' was begun at {clock}, after the answer at {facts.Clock.Answer}";
        }

        foreach (var key in facts.Broken) yield return $"C4/C5: '{key}' was begun but its object is missing or not what the file holds";

        foreach (var late in facts.Requests.Where(request => request.Clock > facts.Clock.End)) yield return $"C6: after its end: {late}";

        if ((status?.SucceededCount ?? 0) != started.Count) yield return $"C7: {status?.SucceededCount} succeeded, {started.Count} were begun";
        if (facts.ReportRows is { } rows && rows != failed) yield return $"C7: {failed} failed, the report has {rows} rows";
        if (isCanceled ? failed > facts.MustFail : failed != facts.MustFail) yield return $"C7: {failed} failed of {facts.MustFail} that must";
        foreach (var key in started.Keys.Except(facts.Wanted)) yield return $"C7: '{key}' was written without need";
        foreach (var key in facts.Wanted.Except(started.Keys).Except(facts.Rest)) yield return $"C7: the next export left out '{key}'";
        foreach (var key in facts.Rest.Intersect(started.Keys)) yield return $"C7: the next export sent '{key}' again";
        if ((facts.Next.Status?.SucceededCount ?? 0) != facts.Rest.Count) yield return $"C7: the next export counts {facts.Next.Status?.SucceededCount}, it sent {facts.Rest.Count}";
        if (!isCanceled && facts.Rest.Count > 0) yield return $"C8: the task had ended, yet the next export sent {facts.Rest.Count}";

        foreach (var upload in facts.PendingUploads) yield return $"C9: an upload is left: {upload}";
        foreach (var key in facts.Strange) yield return $"C9: an object of no file: '{key}'";
    }
}
