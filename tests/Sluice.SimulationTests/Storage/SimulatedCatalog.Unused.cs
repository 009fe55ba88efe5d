using Sluice.Catalog;
using Sluice.Core;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.SimulationTests.Storage;

/// <summary>What neither the engine nor a cancel calls.</summary>
internal partial class SimulatedCatalog
{
    public Task<bool> TryAddFileSystemAsync(FileSystem fileSystem, RequestToken? token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<FileSystem>> ListFileSystemsAsync(PageCursor? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryUpdateFileSystemAsync(FileSystem fileSystem, FileSystemLifecycle expected, RequestToken? token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryBeginDeleteFileSystemAsync(FileSystemId id, RequestToken? token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveFileSystemAsync(FileSystemId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<AddResult> TryAddAssociationAsync(DataRepositoryAssociation association, RequestToken? token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DataRepositoryAssociation?> FindAssociationAsync(AssociationId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryUpdateAssociationAsync(DataRepositoryAssociation association, AssociationLifecycle expected, RequestToken? token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryFinishAssociationAsync(DataRepositoryAssociation association, RepositoryTask import, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveAssociationAsync(AssociationId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RepositoryTask>> ListTasksAsync(TaskFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveEndedTasksAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RequestToken?> FindTokenAsync(string operation, string token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ResourceTag>> ListTagsAsync(string resourceId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryPutTagsAsync(string resourceId, IReadOnlyList<ResourceTag> tags, int maximum, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveTagsAsync(string resourceId, IReadOnlyList<string> keys, CancellationToken cancellationToken) => throw new NotSupportedException();
}
