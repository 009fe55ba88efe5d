using Sluice.Core.Tasks;

namespace Sluice.Repositories;

/// <summary>
/// One bucket. Keys are 1 to 1,024 bytes of UTF-8 and opaque: <c>a/../b</c>, <c>a</c> beside <c>a/b</c>, <c>//</c> are ordinary keys.
/// Every failure is a <see cref="RepositoryException"/> with a code from a bounded list and <see cref="RepositoryException.IsTransient"/>;
/// nothing here retries (a decorator does). A put is atomic: the key names the old object or the whole new one.
/// Writes take a <see cref="StartPermit"/>: the implementation calls <see cref="StartPermit.TryBegin"/> immediately before the
/// first byte leaves the process (S3: in the socket's first write; directory: before the temporary file is made) and
/// <see cref="StartPermit.Begun"/> right after it, in any case; refused → <see cref="StartRefusedException"/> and nothing happened.
/// Safe for concurrent use.
/// </summary>
public interface IObjectRepository
{
    /// <summary>Name of the bucket.</summary>
    string Bucket { get; }

    /// <summary>Proves that the bucket exists and that listing and putting beneath <paramref name="prefix"/> work, leaving nothing behind.</summary>
    Task CheckAccessAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Metadata of an object, or null when there is none.</summary>
    Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes a whole object from memory; the content is verified end to end (checksum where the endpoint stores one, else MD5).</summary>
    Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken);

    /// <summary>Replaces the metadata of an object by a server-side copy onto itself (any size up to 5 TiB), if its ETag is still
    /// <paramref name="expectedETag"/>; <see cref="RepositoryErrorCode.PreconditionFailed"/> or <see cref="RepositoryErrorCode.NotFound"/> otherwise.</summary>
    Task<PutResult> ReplaceMetadataAsync(
        string key, string expectedETag, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        CopyAsync(key, expectedETag, key, metadata, permit, cancellationToken);

    /// <summary>Copies an object of this bucket on the server (any size up to 5 TiB), with other metadata, if its ETag is still
    /// <paramref name="expectedETag"/>; <see cref="RepositoryErrorCode.PreconditionFailed"/> or <see cref="RepositoryErrorCode.NotFound"/> otherwise.
    /// The copy may have another ETag.</summary>
    Task<PutResult> CopyAsync(
        string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken);

    /// <summary>Creates a multipart upload.</summary>
    Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken);

    /// <summary>Sends one part, verified as <see cref="PutAsync"/> is.</summary>
    Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken);

    /// <summary>Makes the object of the parts, in part-number order. Idempotent: completing again what this call completed before
    /// (a lost answer) answers the same object.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="parts">All parts.</param>
    /// <param name="checksum">CRC-64/NVME of the whole content, compared by endpoints that store one.</param>
    /// <param name="cancellationToken">Stops waiting; the outcome is unknown then.</param>
    Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken);

    /// <summary>Aborts an upload and frees its parts; repeated until the repository no longer knows it. An unknown upload is success.</summary>
    Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken);

    /// <summary>Parts that arrived, in part-number order; empty when the upload is unknown.</summary>
    IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, CancellationToken cancellationToken);

    /// <summary>Uploads under way whose key begins with <paramref name="keyPrefix"/>, in key order.</summary>
    IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, CancellationToken cancellationToken);

    /// <summary>Whether every request crosses a network: then one listing is cheaper than a few HEADs.</summary>
    bool IsRemote { get; }

    /// <summary>Objects whose key begins with <paramref name="prefix"/> (raw bytes), in UTF-8 byte order, with constant memory.</summary>
    IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken);

    /// <summary>Beginnings of keys that begin with <paramref name="prefix"/>, up to and with the next slash: each once, in UTF-8 byte order. Keys without a
    /// further slash are passed over.</summary>
    /// <param name="prefix">Empty, or ending in a slash.</param>
    /// <param name="startAfter">Only where keys greater than this may follow; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, CancellationToken cancellationToken);

    /// <summary>Reads an object, or the bytes from <paramref name="offset"/> on (at most <paramref name="length"/>, null = to the end);
    /// <see cref="RepositoryErrorCode.PreconditionFailed"/> when <paramref name="expectedETag"/> is given and differs. The caller disposes the stream.</summary>
    Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken);

    /// <summary>Removes an object; a missing one is success.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}
