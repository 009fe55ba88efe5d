using Sluice.Protocol.Shapes;
using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>What was seen of one trial, for <see cref="CancelContract"/> to judge.</summary>
internal sealed record TrialFacts
{
    public required TrialPlan Plan { get; init; }

    /// <summary>What its client saw of the canceled task.</summary>
    public required CancelCourse Course { get; init; }

    /// <summary>Proxy's clock before the task was created, at the answer, and at its end.</summary>
    public required (long Create, long Answer, long End) Clock { get; init; }

    /// <summary>All requests for the trial's keys since its creation, up to the start of the export after it.</summary>
    public required IReadOnlyList<ProxyRequest> Requests { get; init; }

    /// <summary>Keys that the task had to write.</summary>
    public required IReadOnlySet<string> Wanted { get; init; }

    /// <summary>Entries that must fail: names that are no keys.</summary>
    public required int MustFail { get; init; }

    /// <summary>Rows of the completion report; null when it was disabled.</summary>
    public required int? ReportRows { get; init; }

    /// <summary>Keys of objects with what they should not hold, found after the task's end, of those that were started.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>Keys in the bucket that the tree does not explain.</summary>
    public required IReadOnlyList<string> Strange { get; init; }

    /// <summary>Multipart uploads of the trial left open, each with the requests for its key.</summary>
    public required IReadOnlyList<string> PendingUploads { get; init; }

    /// <summary>Keys that the export after it wrote, and that task.</summary>
    public required IReadOnlySet<string> Rest { get; init; }

    /// <summary>The export after it, when it had ended.</summary>
    public required DataRepositoryTask Next { get; init; }

    /// <summary>Keys whose writing the task began, with the clock of the first such request.</summary>
    public IReadOnlyDictionary<string, long> Started => Requests
        .Where(request => request.StartsObject)
        .GroupBy(request => request.Key)
        .ToDictionary(group => group.Key, group => group.Min(request => request.Clock));
}
