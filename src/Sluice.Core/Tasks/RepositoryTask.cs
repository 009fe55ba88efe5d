using Sluice.Core.Ids;

namespace Sluice.Core.Tasks;

/// <summary>A data repository task as the catalog holds it.</summary>
public sealed record RepositoryTask
{
    /// <summary>Its id.</summary>
    public required TaskId Id { get; init; }

    /// <summary>The file system it works on.</summary>
    public required FileSystemId FileSystemId { get; init; }

    /// <summary>What it does.</summary>
    public required TaskType Type { get; init; }

    /// <summary>Where it is in its life; changed only by the catalog's compare-and-set.</summary>
    public required TaskLifecycle Lifecycle { get; init; }

    /// <summary>The paths exactly as the caller gave them; empty means the whole file system (or all linked repositories).</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The report the caller asked for.</summary>
    public required CompletionReport Report { get; init; }

    /// <summary>Release only: files younger than this many days (by access, change, modification) are kept; null when not given.</summary>
    public long? ReleaseAgeDays { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreationTime { get; init; }

    /// <summary>When it left PENDING for EXECUTING; null before, and for a task canceled while PENDING.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Why it failed, at most 256 characters; only for FAILED.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>Counters; null until it started.</summary>
    public TaskProgress? Progress { get; init; }

    /// <summary>When <see cref="Progress"/> was written.</summary>
    public DateTimeOffset? ProgressTime { get; init; }

    /// <summary>Tags, in no particular order.</summary>
    public IReadOnlyList<ResourceTag> Tags { get; init; } = [];
}
