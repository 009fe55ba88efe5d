using Sluice.Core.Tasks;
using Sluice.Repositories;

namespace Sluice.Hydrator.Hydration;

/// <summary>The repositories, with <see cref="RestoreProgress"/> told of what they send.</summary>
internal sealed class MeteredRepositories(IRepositoryResolver inner, RestoreProgress progress) : IRepositoryResolver
{
    /// <inheritdoc/>
    public IObjectRepository Resolve(string bucket) => new MeteredRepository(inner.Resolve(bucket), progress);

    private sealed class MeteredRepository(IObjectRepository inner, RestoreProgress progress) : IObjectRepository
    {
        public string Bucket => inner.Bucket;

        public bool IsRemote => inner.IsRemote;

        public Task CheckAccessAsync(string prefix, CancellationToken cancellationToken) => inner.CheckAccessAsync(prefix, cancellationToken);

        public Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken)
        {
            progress.Report(Bucket, key);
            return inner.HeadAsync(key, cancellationToken);
        }

        public async Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken)
        {
            progress.Report(Bucket, key);
            var content = await inner.GetAsync(key, offset, length, expectedETag, cancellationToken);
            return content with { Stream = new MeteredStream(content.Stream, () => progress.Report(Bucket, key)) };
        }

        public Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken) => throw ReadOnly();

        public Task<PutResult> ReplaceMetadataAsync(
            string key, string expectedETag, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) => throw ReadOnly();

        public Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
            throw ReadOnly();

        public Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken) => throw ReadOnly();

        public Task<PutResult> CompleteUploadAsync(
            MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken) => throw ReadOnly();

        public Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken) => throw ReadOnly();

        public IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, CancellationToken cancellationToken) => throw ReadOnly();

        public IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, CancellationToken cancellationToken) => throw ReadOnly();

        public IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken) => throw ReadOnly();

        public IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, CancellationToken cancellationToken) => throw ReadOnly();

        public Task<PutResult> CopyAsync(
            string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) => throw ReadOnly();

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw ReadOnly();

        private static NotSupportedException ReadOnly() => new("A restore only reads.");
    }

    private sealed class MeteredStream(Stream inner, Action report) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            report();
            return read;
        }

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
