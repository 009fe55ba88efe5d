using Sluice.Core.Crashing;
using Sluice.Core.Tasks;

namespace Sluice.Repositories;

/// <summary>A bucket whose requests pass <see cref="CrashPoint"/>: writes before the request and after the answer, reads before the request.</summary>
internal sealed class CrashPointRepository(IObjectRepository inner) : IObjectRepository
{
    /// <inheritdoc/>
    public string Bucket => inner.Bucket;

    /// <inheritdoc/>
    public bool IsRemote => inner.IsRemote;

    /// <inheritdoc/>
    public Task CheckAccessAsync(string prefix, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryCheckAccess, () => inner.CheckAccessAsync(prefix, cancellationToken));

    /// <inheritdoc/>
    public Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryHead);
        return inner.HeadAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryPut, () => inner.PutAsync(request, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<PutResult> ReplaceMetadataAsync(
        string key, string expectedETag, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryCopy, () => inner.ReplaceMetadataAsync(key, expectedETag, metadata, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<PutResult> CopyAsync(
        string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryCopy, () => inner.CopyAsync(sourceKey, expectedETag, key, metadata, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryCreateUpload, () => inner.CreateUploadAsync(key, metadata, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryUploadPart, () => inner.UploadPartAsync(request, cancellationToken));

    /// <inheritdoc/>
    public Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryCompleteUpload, () => inner.CompleteUploadAsync(upload, parts, checksum, cancellationToken));

    /// <inheritdoc/>
    public Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryAbortUpload, () => inner.AbortUploadAsync(upload, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryListParts);
        return inner.ListPartsAsync(upload, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryListUploads);
        return inner.ListUploadsAsync(keyPrefix, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryList);
        return inner.ListAsync(prefix, startAfter, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryList);
        return inner.ListPrefixesAsync(prefix, startAfter, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryGet);
        return inner.GetAsync(key, offset, length, expectedETag, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        CrashPoint.PassAsync(SideEffect.RepositoryDelete, () => inner.DeleteAsync(key, cancellationToken));
}
