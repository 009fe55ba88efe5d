using Sluice.Engine.Ledger;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Storage;

/// <summary>A bucket at an endpoint: what it holds, and what its requests do. It outlives the processes.</summary>
internal sealed class SimulatedBucket(World world, string name)
{
    private readonly Dictionary<ulong, byte[]> _contents = [];
    private int _uploads;

    public string Name { get; } = name;

    public SortedDictionary<string, StoredObject> Objects { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, StoredUpload> Uploads { get; } = new(StringComparer.Ordinal);

    private DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddTicks(world.NowNs / 100);

    public PutResult Put(string key, byte[] content, ulong checksum, ObjectMetadata metadata)
    {
        if (Crc64Nvme.Hash(content) != checksum) throw Refuse(RepositoryErrorCode.ChecksumMismatch, "the content is not the one that was sent", isTransient: true);
        return Store(key, new StoredObject(content, ContentMd5.ETag(content), metadata, Now));
    }

    public PutResult Copy(string sourceKey, string expectedETag, string key, ObjectMetadata metadata)
    {
        if (!Objects.TryGetValue(sourceKey, out var source)) throw Refuse(RepositoryErrorCode.NotFound, "there is no such object", isTransient: false);
        if (source.ETag != expectedETag) throw Refuse(RepositoryErrorCode.PreconditionFailed, "it is another object", isTransient: false);
        return Store(key, source with { Metadata = metadata, LastModified = Now });
    }

    public StoredObject Get(string key, string? expectedETag)
    {
        if (!Objects.TryGetValue(key, out var found)) throw Refuse(RepositoryErrorCode.NotFound, "there is no such object", isTransient: false);
        return expectedETag is null || found.ETag == expectedETag ? found : throw Refuse(RepositoryErrorCode.PreconditionFailed, "it is another object", isTransient: false);
    }

    /// <summary>A page of a listing.</summary>
    public IReadOnlyList<ListedObject> List(string prefix, string? startAfter, int limit) =>
        [.. Objects.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal) && (startAfter is null || string.CompareOrdinal(item.Key, startAfter) > 0))
            .Take(limit)
            .Select(item => new ListedObject(item.Key, item.Value.Content.Length, item.Value.ETag, item.Value.LastModified, StorageClass: null))];

    public string CreateUpload(string key, ObjectMetadata metadata)
    {
        var id = $"{Name}-upload-{++_uploads:D4}";
        Uploads.Add(id, new StoredUpload(key, metadata, Now));
        world.Note("create upload", id);
        return id;
    }

    public UploadedPart PutPart(string uploadId, int number, byte[] content, ulong checksum)
    {
        var upload = Find(uploadId);
        if (Crc64Nvme.Hash(content) != checksum) throw Refuse(RepositoryErrorCode.ChecksumMismatch, "the part is not the one that was sent", isTransient: true);
        upload.Parts[number] = content;
        world.Note("part", uploadId, number);
        return PartOf(number, content);
    }

    public PutResult Complete(string uploadId, string key, IReadOnlyList<UploadedPart> parts, ulong? checksum)
    {
        var etag = ContentMd5.ETag(parts);
        if (!Uploads.TryGetValue(uploadId, out var upload))
        {
            // Completed before; only the answer was lost.
            if (Objects.TryGetValue(key, out var made) && made.UploadId == uploadId && made.ETag == etag) return new PutResult(etag, null);
            throw Refuse(RepositoryErrorCode.UploadNotFound, "there is no such upload", isTransient: false);
        }

        foreach (var part in parts)
        {
            if (!upload.Parts.TryGetValue(part.PartNumber, out var stored) || ContentMd5.ETag(stored) != part.ETag)
                throw Refuse(RepositoryErrorCode.Refused, $"part {part.PartNumber} is not the one named", isTransient: false);
        }

        var content = parts.SelectMany(part => upload.Parts[part.PartNumber]).ToArray();
        if (checksum is { } expected && Crc64Nvme.Hash(content) != expected)
            throw Refuse(RepositoryErrorCode.ChecksumMismatch, "the whole is not the content that was sent", isTransient: true);
        Uploads.Remove(uploadId);
        return Store(key, new StoredObject(content, etag, upload.Metadata, Now) { UploadId = uploadId });
    }

    public void Abort(string uploadId)
    {
        if (Uploads.Remove(uploadId)) world.Note("abort", uploadId);
    }

    public IReadOnlyList<UploadedPart> Parts(string uploadId) =>
        Uploads.TryGetValue(uploadId, out var upload) ? [.. upload.Parts.Select(part => PartOf(part.Key, part.Value))] : [];

    /// <summary>The content of an object that is or was here, by what a ledger knows of its ETag; null where there was none.</summary>
    public byte[]? ContentOf(ulong identityHash) => _contents.GetValueOrDefault(identityHash);

    private PutResult Store(string key, StoredObject stored)
    {
        Objects[key] = stored;
        _contents[LedgerHashes.Identity(stored.ETag)] = stored.Content;
        world.Note("store", key, (long)Crc64Nvme.Hash(stored.Content));
        return new PutResult(stored.ETag, null);
    }

    private StoredUpload Find(string uploadId) =>
        Uploads.TryGetValue(uploadId, out var upload) ? upload : throw Refuse(RepositoryErrorCode.UploadNotFound, "there is no such upload", isTransient: false);

    private static UploadedPart PartOf(int number, byte[] content) => new(number, ContentMd5.ETag(content), content.Length, Crc64Nvme.Hash(content));

    private static RepositoryException Refuse(RepositoryErrorCode code, string reason, bool isTransient) => new(code, $"The bucket says that {reason}.", isTransient);
}

/// <summary>An object.</summary>
internal sealed record StoredObject(byte[] Content, string ETag, ObjectMetadata Metadata, DateTimeOffset LastModified)
{
    /// <summary>The multipart upload it was made of.</summary>
    public string? UploadId { get; init; }
}

/// <summary>A multipart upload under way.</summary>
internal sealed record StoredUpload(string Key, ObjectMetadata Metadata, DateTimeOffset Initiated)
{
    public SortedDictionary<int, byte[]> Parts { get; } = [];
}
