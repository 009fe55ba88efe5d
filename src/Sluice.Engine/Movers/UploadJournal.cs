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
/// A row without an id (the answer was lost) is settled, at the end of the task, by listing the key's uploads that are not older than the row.
/// </summary>
internal sealed class UploadJournal(ICatalog catalog, IRepositoryResolver repositories, TimeProvider time)
{
    // Clocks of this machine and the endpoint may differ.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    // A request whose connection was cut may still be on its way through the endpoint.
    private static readonly TimeSpan LateRequest = TimeSpan.FromSeconds(10);

    // What an earlier process sent it sent before this one began.
    private readonly DateTimeOffset _began = time.GetUtcNow();

    /// <summary>Begins an upload. Where <paramref name="permit"/> is refused nothing is left behind.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="repository">Where to.</param>
    /// <param name="key">Under which key.</param>
    /// <param name="metadata">What the object is to say.</param>
    /// <param name="permit">The file's way through the gate.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="since">Since when what the metadata describes may be another file; null for now.</param>
    public async Task<ActiveUpload> BeginAsync(
        TaskId taskId,
        IObjectRepository repository,
        string key,
        ObjectMetadata metadata,
        StartPermit permit,
        CancellationToken cancellationToken,
        DateTimeOffset? since = null)
    {
        var number = await catalog.AddUploadAsync(new UploadIntent(taskId, repository.Bucket, key, since ?? time.GetUtcNow()), cancellationToken);
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
        catch (Exception e) when (e is RepositoryException or OperationCanceledException)
        {
            // The last attempt was just now: the row's time is that of the first.
            if (permit.HasBegun) await AddLostAsync(taskId, repository, key, CancellationToken.None);
            await catalog.RemoveUploadAsync(number, CancellationToken.None);
            throw;
        }

        if (created.IsRepeated) await AddLostAsync(taskId, repository, key, cancellationToken);
        await catalog.SetUploadIdAsync(number, created.UploadId, cancellationToken);
        return new ActiveUpload(this, repository, new MultipartUpload(key, created.UploadId), number, time);
    }

    /// <summary>Takes up an upload that an earlier life of the task began.</summary>
    public ActiveUpload Resume(IObjectRepository repository, JournaledUpload journaled) =>
        new(this, repository, new MultipartUpload(journaled.Intent.Key, journaled.UploadId!), journaled.Number, time);

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
            await AbortLostAsync(repository, journaled.Intent, cancellationToken);
        await catalog.RemoveUploadAsync(journaled.Number, cancellationToken);
    }

    internal Task SettledAsync(long number, CancellationToken cancellationToken) => catalog.RemoveUploadAsync(number, cancellationToken);

    /// <summary>Notes that an upload of this key may exist, or may yet come to exist, the answer to whose creation was lost.</summary>
    private Task<long> AddLostAsync(TaskId taskId, IObjectRepository repository, string key, CancellationToken cancellationToken) =>
        catalog.AddUploadAsync(new UploadIntent(taskId, repository.Bucket, key, time.GetUtcNow()), cancellationToken);

    /// <summary>Aborts the uploads of a key that are not older than the row and that no row names: those whose answers were lost.</summary>
    private async Task AbortLostAsync(IObjectRepository repository, UploadIntent intent, CancellationToken cancellationToken)
    {
        var lastSent = intent.Time > _began ? intent.Time : _began;
        if (lastSent + LateRequest - time.GetUtcNow() is { Ticks: > 0 } early) await Task.Delay(early, time, cancellationToken);
        var named = (await catalog.ListUploadsAsync(taskId: null, cancellationToken)).Select(journaled => journaled.UploadId).ToHashSet();
        var lost = new List<MultipartUpload>();
        await foreach (var listed in repository.ListUploadsAsync(intent.Key, cancellationToken))
        {
            if (listed.Upload.Key == intent.Key && listed.Initiated >= intent.Time - ClockTolerance && !named.Contains(listed.Upload.UploadId))
                lost.Add(listed.Upload);
        }

        foreach (var upload in lost) await repository.AbortUploadAsync(upload, cancellationToken);
    }
}
