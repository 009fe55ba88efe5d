using System.Collections.Concurrent;
using Sluice.Core.Tasks;
using Sluice.Repositories;

namespace Sluice.SystemTests.Import;

/// <summary>A bucket that counts what it is asked and can answer otherwise.</summary>
internal sealed class WatchedBucket(IObjectRepository inner) : IObjectRepository
{
    /// <summary>Keys that were asked about.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>What became of an answer to a HEAD; may throw.</summary>
    public Func<string, ObjectHead?, ObjectHead?> OnHead { get; set; } = static (_, head) => head;

    /// <summary>What became of an object in a listing; may throw.</summary>
    public Func<ListedObject, ListedObject> OnList { get; set; } = static item => item;

    public string Bucket => inner.Bucket;

    public bool IsRemote => inner.IsRemote;

    public Task CheckAccessAsync(string prefix, CancellationToken cancellationToken) => inner.CheckAccessAsync(prefix, cancellationToken);

    public async Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        Heads.Enqueue(key);
        return OnHead(key, await inner.HeadAsync(key, cancellationToken));
    }

    public IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, startAfter, cancellationToken).Select(OnList);

    public IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, CancellationToken cancellationToken) =>
        inner.ListPrefixesAsync(prefix, startAfter, cancellationToken);

    public Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken) =>
        inner.GetAsync(key, offset, length, expectedETag, cancellationToken);

    public Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken) => inner.PutAsync(request, permit, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public Task<PutResult> CopyAsync(
        string key, string expectedETag, string newKey, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, CancellationToken cancellationToken) => throw new NotSupportedException();
}
