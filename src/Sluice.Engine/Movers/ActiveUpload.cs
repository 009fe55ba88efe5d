using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>A multipart upload under way. Disposed before <see cref="CompleteAsync"/> succeeded, it is aborted; where even that fails, its journal row
/// stays and the next start settles it. <see cref="LeaveForResume"/> keeps it as it is.</summary>
internal sealed class ActiveUpload(
    UploadJournal journal, IObjectRepository repository, MultipartUpload upload, long number, TimeProvider time) : IAsyncDisposable
{
    // Cleaning up must not depend on the reason for which the upload ended.
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    private bool _settled;

    /// <summary>Key and id.</summary>
    public MultipartUpload Upload { get; } = upload;

    /// <summary>Completes it. <see cref="RepositoryErrorCode.UploadNotFound"/> means that it is gone.</summary>
    public async Task<PutResult> CompleteAsync(IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken)
    {
        var result = await repository.CompleteUploadAsync(Upload, parts, checksum, cancellationToken);
        _settled = true;
        await journal.SettledAsync(number, CancellationToken.None);
        return result;
    }

    /// <summary>Leaves the upload and its journal row for the next start (the host is stopping).</summary>
    public void LeaveForResume() => _settled = true;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_settled) return;
        _settled = true;
        using var limit = new CancellationTokenSource(CleanUpLimit, time);
        try
        {
            await repository.AbortUploadAsync(Upload, limit.Token);
            await journal.SettledAsync(number, limit.Token);
        }
        catch (Exception e) when (e is RepositoryException or OperationCanceledException or Catalog.CatalogException)
        {
            // The row is still there: the end of the task or the next start tries again.
        }
    }
}
