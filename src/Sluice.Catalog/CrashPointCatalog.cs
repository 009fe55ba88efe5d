using Sluice.Core;
using Sluice.Core.Associations;
using Sluice.Core.Crashing;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.Catalog;

/// <summary>A catalog whose writes pass <see cref="CrashPoint"/>. It owns the one behind it.</summary>
public sealed class CrashPointCatalog : ICatalog
{
    private readonly ICatalog _inner;

    private CrashPointCatalog(ICatalog inner) => _inner = inner;

    /// <summary>The catalog itself, unless crash points are watched.</summary>
    public static ICatalog Around(ICatalog catalog) => CrashPoint.IsWatched ? new CrashPointCatalog(catalog) : catalog;

    /// <inheritdoc/>
    public Task<bool> TryAddFileSystemAsync(FileSystem fileSystem, RequestToken? token, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogAddFileSystem, () => _inner.TryAddFileSystemAsync(fileSystem, token, cancellationToken));

    /// <inheritdoc/>
    public Task<FileSystem?> FindFileSystemAsync(FileSystemId id, CancellationToken cancellationToken) => _inner.FindFileSystemAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FileSystem>> ListFileSystemsAsync(PageCursor? after, int limit, CancellationToken cancellationToken) =>
        _inner.ListFileSystemsAsync(after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryUpdateFileSystemAsync(
        FileSystem fileSystem, FileSystemLifecycle expected, RequestToken? token, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogUpdateFileSystem, () => _inner.TryUpdateFileSystemAsync(fileSystem, expected, token, cancellationToken));

    /// <inheritdoc/>
    public Task<bool> TryBeginDeleteFileSystemAsync(FileSystemId id, RequestToken? token, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogBeginDeleteFileSystem, () => _inner.TryBeginDeleteFileSystemAsync(id, token, cancellationToken));

    /// <inheritdoc/>
    public Task RemoveFileSystemAsync(FileSystemId id, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogRemoveFileSystem, () => _inner.RemoveFileSystemAsync(id, cancellationToken));

    /// <inheritdoc/>
    public Task<AddResult> TryAddAssociationAsync(DataRepositoryAssociation association, RequestToken? token, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogAddAssociation, () => _inner.TryAddAssociationAsync(association, token, cancellationToken));

    /// <inheritdoc/>
    public Task<DataRepositoryAssociation?> FindAssociationAsync(AssociationId id, CancellationToken cancellationToken) =>
        _inner.FindAssociationAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DataRepositoryAssociation>> ListAssociationsAsync(
        AssociationFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken) =>
        _inner.ListAssociationsAsync(filter, after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryUpdateAssociationAsync(
        DataRepositoryAssociation association, AssociationLifecycle expected, RequestToken? token, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogUpdateAssociation, () => _inner.TryUpdateAssociationAsync(association, expected, token, cancellationToken));

    /// <inheritdoc/>
    public Task<bool> TryFinishAssociationAsync(DataRepositoryAssociation association, RepositoryTask import, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogFinishAssociation, () => _inner.TryFinishAssociationAsync(association, import, cancellationToken));

    /// <inheritdoc/>
    public Task RemoveAssociationAsync(AssociationId id, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogRemoveAssociation, () => _inner.RemoveAssociationAsync(id, cancellationToken));

    /// <inheritdoc/>
    public Task<AddResult> TryAddTaskAsync(RepositoryTask task, RequestToken? token, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogAddTask, () => _inner.TryAddTaskAsync(task, token, cancellationToken));

    /// <inheritdoc/>
    public Task<RepositoryTask?> FindTaskAsync(TaskId id, CancellationToken cancellationToken) => _inner.FindTaskAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RepositoryTask>> ListTasksAsync(TaskFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken) =>
        _inner.ListTasksAsync(filter, after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RepositoryTask>> ListUnendedTasksAsync(CancellationToken cancellationToken) => _inner.ListUnendedTasksAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<TransitionResult?> ApplyAsync(TaskId id, TaskEvent taskEvent, TransitionDetails details, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogApply, () => _inner.ApplyAsync(id, taskEvent, details, cancellationToken));

    /// <inheritdoc/>
    public Task RecordProgressAsync(TaskId id, TaskProgress progress, DateTimeOffset time, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogRecordProgress, () => _inner.RecordProgressAsync(id, progress, time, cancellationToken));

    /// <inheritdoc/>
    public Task<int> RemoveEndedTasksAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogRemoveEndedTasks, () => _inner.RemoveEndedTasksAsync(endedBefore, cancellationToken));

    /// <inheritdoc/>
    public Task<RequestToken?> FindTokenAsync(string operation, string token, CancellationToken cancellationToken) =>
        _inner.FindTokenAsync(operation, token, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ResourceTag>> ListTagsAsync(string resourceId, CancellationToken cancellationToken) =>
        _inner.ListTagsAsync(resourceId, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryPutTagsAsync(string resourceId, IReadOnlyList<ResourceTag> tags, int maximum, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogPutTags, () => _inner.TryPutTagsAsync(resourceId, tags, maximum, cancellationToken));

    /// <inheritdoc/>
    public Task RemoveTagsAsync(string resourceId, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogRemoveTags, () => _inner.RemoveTagsAsync(resourceId, keys, cancellationToken));

    /// <inheritdoc/>
    public Task<long> AddUploadAsync(UploadIntent upload, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogAddUpload, () => _inner.AddUploadAsync(upload, cancellationToken));

    /// <inheritdoc/>
    public Task SetUploadIdAsync(long number, string uploadId, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogSetUploadId, () => _inner.SetUploadIdAsync(number, uploadId, cancellationToken));

    /// <inheritdoc/>
    public Task RemoveUploadAsync(long number, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.CatalogRemoveUpload, () => _inner.RemoveUploadAsync(number, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournaledUpload>> ListUploadsAsync(TaskId? taskId, CancellationToken cancellationToken) =>
        _inner.ListUploadsAsync(taskId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
