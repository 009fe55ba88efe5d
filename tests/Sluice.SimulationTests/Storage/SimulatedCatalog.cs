using Sluice.Catalog;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Storage;

/// <summary>A process's way to the catalog: each call takes time before and after its commit; some fail before it, some after it.</summary>
internal partial class SimulatedCatalog(World world, CatalogState state, FaultRates rates) : ICatalog
{
    private static readonly TimeSpan Least = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(20);

    protected World World => world;

    protected CatalogState State => state;

    public Task<FileSystem?> FindFileSystemAsync(FileSystemId id, CancellationToken cancellationToken) =>
        CallAsync("find file system", id.Value, () => state.FileSystems.Find(fileSystem => fileSystem.Id == id), cancellationToken);

    public Task<IReadOnlyList<Core.Associations.DataRepositoryAssociation>> ListAssociationsAsync(
        AssociationFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<Core.Associations.DataRepositoryAssociation>>(
        "list associations",
        filter.FileSystemIds[0][0],
        () => [.. state.Associations.Where(association => filter.FileSystemIds.All(ids => ids.Contains(association.FileSystemId.Value)))],
        cancellationToken);

    public Task<AddResult> TryAddTaskAsync(RepositoryTask task, RequestToken? token, CancellationToken cancellationToken) => CallAsync(
        "add task",
        task.Id.Value,
        () =>
        {
            state.Tasks.Add(task);
            return AddResult.Added;
        },
        cancellationToken);

    public Task<RepositoryTask?> FindTaskAsync(TaskId id, CancellationToken cancellationToken) => CallAsync("find task", id.Value, () => state.Find(id), cancellationToken);

    public Task<IReadOnlyList<RepositoryTask>> ListUnendedTasksAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<RepositoryTask>>("list unended tasks", "", () => [.. state.Tasks.Where(task => task.EndTime is null)], cancellationToken);

    public virtual Task<TransitionResult?> ApplyAsync(TaskId id, TaskEvent taskEvent, TransitionDetails details, CancellationToken cancellationToken) =>
        CallAsync($"apply {taskEvent}", id.Value, () => state.Apply(id, taskEvent, details), cancellationToken);

    public Task RecordProgressAsync(TaskId id, TaskProgress progress, DateTimeOffset time, CancellationToken cancellationToken) => CallAsync(
        "record progress",
        id.Value,
        () =>
        {
            state.RecordProgress(id, progress, time);
            return true;
        },
        cancellationToken);

    public Task<long> AddUploadAsync(UploadIntent upload, CancellationToken cancellationToken) =>
        CallAsync("add upload", upload.Key, () => state.AddUpload(upload), cancellationToken);

    public Task SetUploadIdAsync(long number, string uploadId, CancellationToken cancellationToken) =>
        CallAsync("set upload id", uploadId, () => state.SetUploadId(number, uploadId), cancellationToken);

    public Task RemoveUploadAsync(long number, CancellationToken cancellationToken) => CallAsync("remove upload", "", () => state.Uploads.Remove(number), cancellationToken);

    public virtual Task<IReadOnlyList<JournaledUpload>> ListUploadsAsync(TaskId? taskId, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<JournaledUpload>>(
        "list uploads", "", () => [.. state.Uploads.Values.Where(upload => taskId is null || upload.Intent.TaskId == taskId)], cancellationToken);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected async Task<T> CallAsync<T>(string what, string subject, Func<T> transaction, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await world.PauseAsync(Least, Most, cancellationToken);
        var isFaulty = rates.IsCatalogFaulty(world);
        if (isFaulty && world.Chance.Roll(0.5)) throw Fault(what, subject, "busy");
        var result = transaction();
        world.Note(what, subject);
        await world.PauseAsync(Least, Most, CancellationToken.None);
        return isFaulty ? throw Fault(what, subject, "lost after the commit") : result;
    }

    private CatalogException Fault(string what, string subject, string how)
    {
        world.Note($"{what}: {how}", subject);
        return new CatalogException($"The catalog is {how}.", isTransient: true);
    }
}
