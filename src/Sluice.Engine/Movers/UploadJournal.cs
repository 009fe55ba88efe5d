using Sluice.Catalog;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>
/// Keeps multipart uploads from being orphaned.
/// <code>
/// intent row → CreateMultipartUpload → id row → parts → complete | abort until gone → row removed
/// </code>
/// A process that dies anywhere leaves a row; <see cref="AbortLeftoversAsync"/> or <see cref="JournaledUpload"/> resumption settles it.
/// A row without an id (the answer was lost) is settled by listing the key's uploads that are not older than the row.
/// </summary>
internal sealed class UploadJournal(ICatalog catalog, IRepositoryResolver repositories, TimeProvider time)
{
    // Clocks of this machine and the endpoint may differ.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    /// <summary>Begins an upload. Where <paramref name="permit"/> is refused nothing is left behind.</summary>
    public async Task<ActiveUpload> BeginAsync(
        TaskId taskId, IObjectRepository repository, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow();
        var number = await catalog.AddUploadAsync(new UploadIntent(taskId, repository.Bucket, key, since), cancellationToken);
        CreatedUpload created;
        try
        {
            created = await repository.CreateUploadAsync(key, metadata, permit, cancellationToken);
        }
        catch (StartRefusedException)
        {
            await catalog.RemoveUploadAsync(number, CancellationToken.None);
            throw;
        }

        // While the row has no id, a death here has all of them aborted.
        if (created.IsRepeated) await AbortLostAsync(repository, key, created.UploadId, since, cancellationToken);
        await catalog.SetUploadIdAsync(number, created.UploadId, cancellationToken);
        return new ActiveUpload(this, repository, new MultipartUpload(key, created.UploadId), number);
    }

    /// <summary>Takes up an upload that an earlier life of the task began.</summary>
    public ActiveUpload Resume(IObjectRepository repository, JournaledUpload journaled) =>
        new(this, repository, new MultipartUpload(journaled.Intent.Key, journaled.UploadId!), journaled.Number);

    /// <summary>The uploads an earlier life of the task left.</summary>
    public Task<IReadOnlyList<JournaledUpload>> LeftoversAsync(TaskId taskId, CancellationToken cancellationToken) =>
        catalog.ListUploadsAsync(taskId, cancellationToken);

    /// <summary>Aborts what is still in the journal for the task.</summary>
    public async Task AbortLeftoversAsync(TaskId taskId, CancellationToken cancellationToken)
    {
        foreach (var journaled in await catalog.ListUploadsAsync(taskId, cancellationToken))
            await AbortAsync(journaled, cancellationToken);
    }

    /// <summary>Aborts one journaled upload and removes its row.</summary>
    public async Task AbortAsync(JournaledUpload journaled, CancellationToken cancellationToken)
    {
        var repository = repositories.Resolve(journaled.Intent.Bucket);
        if (journaled.UploadId is { } id)
            await repository.AbortUploadAsync(new MultipartUpload(journaled.Intent.Key, id), cancellationToken);
        else
            await AbortLostAsync(repository, journaled.Intent.Key, keptId: null, journaled.Intent.Time, cancellationToken);
        await catalog.RemoveUploadAsync(journaled.Number, cancellationToken);
    }

    internal Task SettledAsync(long number, CancellationToken cancellationToken) => catalog.RemoveUploadAsync(number, cancellationToken);

    /// <summary>Aborts the uploads of a key that were begun since then and that no row names: those whose answers were lost.</summary>
    private async Task AbortLostAsync(
        IObjectRepository repository, string key, string? keptId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var kept = (await catalog.ListUploadsAsync(taskId: null, cancellationToken)).Select(journaled => journaled.UploadId).Append(keptId).ToHashSet();
        var lost = new List<MultipartUpload>();
        await foreach (var listed in repository.ListUploadsAsync(key, cancellationToken))
        {
            if (listed.Upload.Key == key && listed.Initiated >= since - ClockTolerance && !kept.Contains(listed.Upload.UploadId)) lost.Add(listed.Upload);
        }

        foreach (var upload in lost) await repository.AbortUploadAsync(upload, cancellationToken);
    }
}
