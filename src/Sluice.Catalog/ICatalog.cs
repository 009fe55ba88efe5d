using Sluice.Core;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.Catalog;

/// <summary>
/// The store of truth. Every call is one transaction that is durable when its task completes; a caller reads what it wrote.
/// Lifecycles of tasks change only through <see cref="ApplyAsync"/>, a compare-and-set on the task's row computed by
/// <see cref="TaskTransitions"/>. Safe for concurrent use. Faults of the store are <see cref="CatalogException"/>.
/// It checks no business rule but uniqueness and the lifecycle; operations do. A page holds at least one row:
/// <see cref="ArgumentOutOfRangeException"/> for a limit below 1. Disposing waits for the calls under way.
/// </summary>
public interface ICatalog : IAsyncDisposable
{
    /// <summary>Stores a new file system, its tags, and the token if there is one, in one transaction.</summary>
    /// <returns>False when <paramref name="token"/> is taken already; nothing is stored then.</returns>
    Task<bool> TryAddFileSystemAsync(FileSystem fileSystem, RequestToken? token, CancellationToken cancellationToken);

    /// <summary>The file system with its tags, or null. Deleted ones are gone.</summary>
    Task<FileSystem?> FindFileSystemAsync(FileSystemId id, CancellationToken cancellationToken);

    /// <summary>A page of all file systems, newest first, id as tie-break.</summary>
    Task<IReadOnlyList<FileSystem>> ListFileSystemsAsync(PageCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>Replaces lifecycle, settings and failure message of a file system, if its lifecycle is still <paramref name="expected"/>.</summary>
    /// <returns>False when it is gone or in another state.</returns>
    Task<bool> TryUpdateFileSystemAsync(FileSystem fileSystem, FileSystemLifecycle expected, RequestToken? token, CancellationToken cancellationToken);

    /// <summary>Puts the file system into DELETING, unless a task of it has not ended.</summary>
    /// <returns>False when a task is PENDING, EXECUTING or CANCELING, the file system is gone, or <paramref name="token"/> belongs to the deletion of another one.</returns>
    Task<bool> TryBeginDeleteFileSystemAsync(FileSystemId id, RequestToken? token, CancellationToken cancellationToken);

    /// <summary>Removes the file system, its associations, tasks and tags. Tokens stay for their time.</summary>
    Task RemoveFileSystemAsync(FileSystemId id, CancellationToken cancellationToken);

    /// <summary>Stores a new association, its tags, and the token if there is one, unless the file system is gone or DELETING.</summary>
    Task<AddResult> TryAddAssociationAsync(DataRepositoryAssociation association, RequestToken? token, CancellationToken cancellationToken);

    /// <summary>The association with its tags, or null. Deleted ones are gone.</summary>
    Task<DataRepositoryAssociation?> FindAssociationAsync(AssociationId id, CancellationToken cancellationToken);

    /// <summary>A page of the associations that match, newest first, id as tie-break.</summary>
    Task<IReadOnlyList<DataRepositoryAssociation>> ListAssociationsAsync(
        AssociationFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>Replaces everything but id, file system, paths, creation time and tags, if the lifecycle is still <paramref name="expected"/>.</summary>
    /// <returns>False when it is gone or in another state.</returns>
    Task<bool> TryUpdateAssociationAsync(
        DataRepositoryAssociation association, AssociationLifecycle expected, RequestToken? token, CancellationToken cancellationToken);

    /// <summary>Replaces what <see cref="TryUpdateAssociationAsync"/> does of an association that is CREATING, and stores a new task with it: both or
    /// neither, so that its first import is there once, whatever happens.</summary>
    /// <returns>False when the association is gone or in another state, or the file system is gone or DELETING; nothing is stored then.</returns>
    Task<bool> TryFinishAssociationAsync(DataRepositoryAssociation association, RepositoryTask import, CancellationToken cancellationToken);

    /// <summary>Removes the association and its tags. Tokens stay for their time.</summary>
    Task RemoveAssociationAsync(AssociationId id, CancellationToken cancellationToken);

    /// <summary>Stores a new task in PENDING with its tags and the token if there is one, unless the file system is gone or DELETING.
    /// <see cref="ArgumentException"/> for a task that is not new.</summary>
    Task<AddResult> TryAddTaskAsync(RepositoryTask task, RequestToken? token, CancellationToken cancellationToken);

    /// <summary>The task with its tags and counters, or null.</summary>
    Task<RepositoryTask?> FindTaskAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>A page of the tasks that match, newest first, id as tie-break.</summary>
    Task<IReadOnlyList<RepositoryTask>> ListTasksAsync(TaskFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>All tasks that have not ended, oldest first: the scheduler's queue. Bounded by the queue length the operations allow.</summary>
    Task<IReadOnlyList<RepositoryTask>> ListUnendedTasksAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Lets <paramref name="taskEvent"/> happen to the task: computes the next state by <see cref="TaskTransitions"/> and writes it in the
    /// same transaction, with StartTime (Start), EndTime (Succeed, Fail, Drain), the failure message (Fail) and the final counters if given.
    /// </summary>
    /// <returns>What it was and what it is; null when there is no such task.</returns>
    Task<TransitionResult?> ApplyAsync(TaskId id, TaskEvent taskEvent, TransitionDetails details, CancellationToken cancellationToken);

    /// <summary>Writes counters. Each value becomes the greater of the stored and the given one, so readers never see one decrease;
    /// so does their time. TotalCount becomes at least what succeeded and what failed together: of two lives of a task one may have had the more of these
    /// and the other the more of those. Ignored for ended tasks.</summary>
    Task RecordProgressAsync(TaskId id, TaskProgress progress, DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Removes tasks that ended before <paramref name="endedBefore"/>, and tokens of removed resources older than it.</summary>
    /// <returns>How many tasks were removed.</returns>
    Task<int> RemoveEndedTasksAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken);

    /// <summary>The request first made with this token, or null. Outlives its resource by the retention time.</summary>
    Task<RequestToken?> FindTokenAsync(string operation, string token, CancellationToken cancellationToken);

    /// <summary>The tags of a resource (its id as text) in key order; empty when it has none or is unknown.</summary>
    Task<IReadOnlyList<ResourceTag>> ListTagsAsync(string resourceId, CancellationToken cancellationToken);

    /// <summary>Adds or overwrites tags.</summary>
    /// <returns>False, and nothing is written, when the resource is unknown or would have more than <paramref name="maximum"/> tags.</returns>
    Task<bool> TryPutTagsAsync(string resourceId, IReadOnlyList<ResourceTag> tags, int maximum, CancellationToken cancellationToken);

    /// <summary>Removes tags; missing keys are ignored.</summary>
    Task RemoveTagsAsync(string resourceId, IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Journals that a multipart upload is about to be created, before the request is sent.</summary>
    /// <returns>The number of the entry.</returns>
    Task<long> AddUploadAsync(UploadIntent upload, CancellationToken cancellationToken);

    /// <summary>Journals the upload id, before the first part is sent. Without the entry, a <see cref="CatalogException"/>.</summary>
    Task SetUploadIdAsync(long number, string uploadId, CancellationToken cancellationToken);

    /// <summary>Removes a journal entry: the upload is completed, or aborted and gone.</summary>
    Task RemoveUploadAsync(long number, CancellationToken cancellationToken);

    /// <summary>The journaled uploads of a task, or of all tasks, oldest first.</summary>
    Task<IReadOnlyList<JournaledUpload>> ListUploadsAsync(TaskId? taskId, CancellationToken cancellationToken);
}
