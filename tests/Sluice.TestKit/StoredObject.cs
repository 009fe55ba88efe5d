namespace Sluice.TestKit;

/// <summary>An object as the S3 server tells it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Entity tag without quotes.</param>
/// <param name="ContentType">Content-Type.</param>
/// <param name="Metadata">User metadata by lower-case name without <c>x-amz-meta-</c>.</param>
public sealed record StoredObject(string Key, long Size, string ETag, string ContentType, IReadOnlyDictionary<string, string> Metadata);
