namespace Sluice.Repositories;

/// <summary>User metadata of an object: names in lower case without <c>x-amz-meta-</c>, values printable ASCII; and its content type.</summary>
public sealed record ObjectMetadata
{
    /// <summary>Name and value pairs.</summary>
    public required IReadOnlyDictionary<string, string> User { get; init; }

    /// <summary>Content type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";
}

/// <summary>An object as HEAD shows it.</summary>
public sealed record ObjectHead
{
    /// <summary>Content bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>ETag without quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>Version, where the bucket has versions.</summary>
    public string? VersionId { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>S3 storage class; null = STANDARD.</summary>
    public string? StorageClass { get; init; }

    /// <summary>The archive tier of an object of class INTELLIGENT_TIERING (<c>x-amz-archive-status</c>); null when it is in none.</summary>
    public string? ArchiveStatus { get; init; }

    /// <summary>Whether its content can't be read without being brought back from an archive first.</summary>
    public bool IsArchived => ArchiveStatus is { Length: > 0 } || StorageClasses.IsArchive(StorageClass);

    /// <summary>CRC-64/NVME of the content, where the repository stores it.</summary>
    public ulong? Checksum { get; init; }

    /// <summary>Whether the ETag says nothing of the content even where it looks like an MD5: the object is encrypted with a key of KMS or the caller's, or in
    /// a class whose ETags are random.</summary>
    public bool IsETagOpaque { get; init; }

    /// <summary>Its metadata.</summary>
    public required ObjectMetadata Metadata { get; init; }
}

/// <summary>A put from memory.</summary>
public sealed record PutRequest
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The whole content, at most 5 GiB (S3's limit for one PUT); not read after the call completes.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>CRC-64/NVME of <see cref="Content"/>.</summary>
    public required ulong Checksum { get; init; }

    /// <summary>Metadata.</summary>
    public required ObjectMetadata Metadata { get; init; }
}

/// <summary>What a write made.</summary>
/// <param name="ETag">ETag without quotes; never empty.</param>
/// <param name="VersionId">Version, where the bucket has versions.</param>
public sealed record PutResult(string ETag, string? VersionId);

/// <summary>Names an upload.</summary>
/// <param name="Key">The key.</param>
/// <param name="UploadId">The upload.</param>
public sealed record MultipartUpload(string Key, string UploadId);

/// <summary>A multipart upload that was created.</summary>
/// <param name="UploadId">The upload.</param>
/// <param name="IsRepeated">True when an attempt before may have created another one, the answer to which was lost.</param>
public readonly record struct CreatedUpload(string UploadId, bool IsRepeated = false);

/// <summary>One part to send.</summary>
public sealed record UploadPartRequest
{
    /// <summary>The upload.</summary>
    public required MultipartUpload Upload { get; init; }

    /// <summary>1 to 10,000.</summary>
    public required int PartNumber { get; init; }

    /// <summary>Content, 5 MiB or more except for the last part.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>CRC-64/NVME of <see cref="Content"/>.</summary>
    public required ulong Checksum { get; init; }
}

/// <summary>A part that arrived.</summary>
/// <param name="PartNumber">1 to 10,000.</param>
/// <param name="ETag">ETag without quotes.</param>
/// <param name="SizeBytes">Content bytes.</param>
/// <param name="Checksum">CRC-64/NVME, where known.</param>
public sealed record UploadedPart(int PartNumber, string ETag, long SizeBytes, ulong? Checksum);

/// <summary>An upload under way.</summary>
/// <param name="Upload">Key and id.</param>
/// <param name="Initiated">When it was created.</param>
public sealed record ListedUpload(MultipartUpload Upload, DateTimeOffset Initiated);

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">The key.</param>
/// <param name="SizeBytes">Content bytes.</param>
/// <param name="ETag">ETag without quotes.</param>
/// <param name="LastModified">When it was written.</param>
/// <param name="StorageClass">S3 storage class; null = STANDARD.</param>
public sealed record ListedObject(string Key, long SizeBytes, string ETag, DateTimeOffset LastModified, string? StorageClass);

/// <summary>What storage classes mean here.</summary>
public static class StorageClasses
{
    /// <summary>Whether content of this class can't be read without being brought back first.</summary>
    public static bool IsArchive(string? storageClass) => storageClass is "GLACIER" or "DEEP_ARCHIVE";
}

/// <summary>An object being read.</summary>
/// <param name="Head">What it is (metadata of the whole object).</param>
/// <param name="Stream">The bytes asked for.</param>
public sealed record ObjectContent(ObjectHead Head, Stream Stream) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
