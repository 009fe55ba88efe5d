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
    public async Task CheckAccessAsync(string prefix, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryCheckAccess);
        await inner.CheckAccessAsync(prefix, cancellationToken);
        CrashPoint.After(SideEffect.RepositoryCheckAccess);
    }

    /// <inheritdoc/>
    public Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryHead);
        return inner.HeadAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken) =>
        PassAsync(SideEffect.RepositoryPut, () => inner.PutAsync(request, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<PutResult> ReplaceMetadataAsync(
        string key, string expectedETag, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        PassAsync(SideEffect.RepositoryCopy, () => inner.ReplaceMetadataAsync(key, expectedETag, metadata, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<PutResult> CopyAsync(
        string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        PassAsync(SideEffect.RepositoryCopy, () => inner.CopyAsync(sourceKey, expectedETag, key, metadata, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        PassAsync(SideEffect.RepositoryCreateUpload, () => inner.CreateUploadAsync(key, metadata, permit, cancellationToken));

    /// <inheritdoc/>
    public Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken) =>
        PassAsync(SideEffect.RepositoryUploadPart, () => inner.UploadPartAsync(request, cancellationToken));

    /// <inheritdoc/>
    public Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken) =>
        PassAsync(SideEffect.RepositoryCompleteUpload, () => inner.CompleteUploadAsync(upload, parts, checksum, cancellationToken));

    /// <inheritdoc/>
    public async Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryAbortUpload);
        await inner.AbortUploadAsync(upload, cancellationToken);
        CrashPoint.After(SideEffect.RepositoryAbortUpload);
    }

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
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        CrashPoint.Before(SideEffect.RepositoryDelete);
        await inner.DeleteAsync(key, cancellationToken);
        CrashPoint.After(SideEffect.RepositoryDelete);
    }

    private static async Task<T> PassAsync<T>(string effect, Func<Task<T>> writeAsync)
    {
        CrashPoint.Before(effect);
        var result = await writeAsync();
        CrashPoint.After(effect);
        return result;
    }
}
