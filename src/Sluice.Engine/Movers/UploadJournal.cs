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
        var number = await catalog.AddUploadAsync(new UploadIntent(taskId, repository.Bucket, key, time.GetUtcNow()), cancellationToken);
        string uploadId;
        try
        {
            uploadId = await repository.CreateUploadAsync(key, metadata, permit, cancellationToken);
        }
        catch (StartRefusedException)
        {
            await catalog.RemoveUploadAsync(number, CancellationToken.None);
            throw;
        }

        await catalog.SetUploadIdAsync(number, uploadId, cancellationToken);
        return new ActiveUpload(this, repository, new MultipartUpload(key, uploadId), number);
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
            await AbortUnnamedAsync(repository, journaled.Intent, cancellationToken);
        await catalog.RemoveUploadAsync(journaled.Number, cancellationToken);
    }

    internal Task SettledAsync(long number, CancellationToken cancellationToken) => catalog.RemoveUploadAsync(number, cancellationToken);

    private static async Task AbortUnnamedAsync(IObjectRepository repository, UploadIntent intent, CancellationToken cancellationToken)
    {
        var orphans = new List<MultipartUpload>();
        await foreach (var listed in repository.ListUploadsAsync(intent.Key, cancellationToken))
        {
            if (listed.Upload.Key == intent.Key && listed.Initiated >= intent.Time - ClockTolerance) orphans.Add(listed.Upload);
        }

        foreach (var orphan in orphans) await repository.AbortUploadAsync(orphan, cancellationToken);
    }
}
