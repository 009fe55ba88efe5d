using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.Catalog;

/// <summary>A request remembered by its ClientRequestToken.</summary>
/// <param name="Operation">Name of the operation; tokens of different operations don't meet.</param>
/// <param name="Token">1 to 63 characters.</param>
/// <param name="ResourceId">Id of the resource the request made or changed.</param>
/// <param name="Request">Canonical JSON of every member but the token, to find the first one that differs.</param>
/// <param name="Time">When it was first used.</param>
public sealed record RequestToken(string Operation, string Token, string ResourceId, string Request, DateTimeOffset Time);

/// <summary>Where a page begins: after the resource with this creation time and id, in newest-first order.</summary>
/// <param name="CreationTime">Creation time of the last item seen.</param>
/// <param name="Id">Its id.</param>
public readonly record struct PageCursor(DateTimeOffset CreationTime, string Id);

/// <summary>Which associations to list. Null lists don't restrict; values of one list are alternatives, lists are combined by and.</summary>
public sealed record AssociationFilter
{
    /// <summary>Only these ids.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Only those of these file systems; each inner list is one filter, all must hold.</summary>
    public IReadOnlyList<IReadOnlyList<string>> FileSystemIds { get; init; } = [];
}

/// <summary>Which tasks to list. Null lists don't restrict; each inner list is one filter, all must hold.</summary>
public sealed record TaskFilter
{
    /// <summary>Only these ids.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Only those of these file systems.</summary>
    public IReadOnlyList<IReadOnlyList<string>> FileSystemIds { get; init; } = [];

    /// <summary>Only those in one of these states.</summary>
    public IReadOnlyList<IReadOnlyList<TaskLifecycle>> Lifecycles { get; init; } = [];

    /// <summary>Only those of these types.</summary>
    public IReadOnlyList<TaskType>? Types { get; init; }
}

/// <summary>What <see cref="ICatalog.ApplyAsync"/> did.</summary>
/// <param name="Before">State before.</param>
/// <param name="After">State after; null when the event is not allowed in <paramref name="Before"/> and nothing was written.</param>
public readonly record struct TransitionResult(TaskLifecycle Before, TaskLifecycle? After);

/// <summary>What is written together with a transition.</summary>
/// <param name="Time">The instant of the event: StartTime or EndTime.</param>
/// <param name="FailureMessage">For Fail, at most 256 characters.</param>
/// <param name="Progress">Exact counters, written as they are; null leaves them.</param>
public sealed record TransitionDetails(DateTimeOffset Time, string? FailureMessage = null, TaskProgress? Progress = null);

/// <summary>A multipart upload about to be made.</summary>
/// <param name="TaskId">The task it belongs to.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key.</param>
/// <param name="Time">When the intent was written, or before: since when what it is an upload of may have become another file.</param>
public sealed record UploadIntent(TaskId TaskId, string Bucket, string Key, DateTimeOffset Time);

/// <summary>A journal entry.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Intent">What was intended.</param>
/// <param name="UploadId">The upload, or null when the answer to its creation was never seen.</param>
public sealed record JournaledUpload(long Number, UploadIntent Intent, string? UploadId);

/// <summary>Whether something was stored.</summary>
public enum AddResult
{
    /// <summary>It was.</summary>
    Added,

    /// <summary>The token is taken; nothing was stored.</summary>
    TokenTaken,

    /// <summary>The file system does not exist or is being deleted; nothing was stored.</summary>
    FileSystemGone,
}
