using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Posix;

namespace Sluice.Repositories.Directory;

/// <summary>
/// What is known of an object besides its content, as JSON in the extended attribute <c>user.sluice.object</c> of its file: it appears and
/// vanishes with the content in one rename.
/// </summary>
internal sealed record ObjectAttributes
{
    private const string Attribute = "user.sluice.object";

    // S3 allows 2 KB of user metadata; with names, quotes and the rest it stays below the block that ext4 allows, if only what JSON demands is escaped.
    private const int MaxBytes = 4000;

    /// <summary>ETag without quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>Milliseconds since 1970 when it was written.</summary>
    public required long Time { get; init; }

    /// <summary>CRC-64/NVME.</summary>
    public ulong? Checksum { get; init; }

    /// <summary>Content type.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>User metadata.</summary>
    public IReadOnlyDictionary<string, string> User { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads them from an open file; null when it has none (someone else's file).</summary>
    public static ObjectAttributes? Read(SafeHandle file)
    {
        var buffer = new byte[MaxBytes];
        return FileSystemCalls.GetXattr(file, Attribute, buffer) is { } length
            ? JsonSerializer.Deserialize(buffer.AsSpan(0, length), ObjectJson.Terse.ObjectAttributes)
            : null;
    }

    /// <summary>Writes them to an open file.</summary>
    public void Write(SafeHandle file)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, ObjectJson.Terse.ObjectAttributes);
        if (json.Length > MaxBytes)
            throw new RepositoryException(RepositoryErrorCode.Refused, "The object's metadata is larger than 2 KB.", isTransient: false);
        FileSystemCalls.SetXattr(file, Attribute, json);
    }
}

/// <summary>A multipart upload as it stands in its directory.</summary>
/// <param name="Key">The key.</param>
/// <param name="ContentType">Content type.</param>
/// <param name="User">User metadata.</param>
/// <param name="Time">Milliseconds since 1970 when it was created.</param>
internal sealed record UploadFile(string Key, string ContentType, IReadOnlyDictionary<string, string> User, long Time);

/// <summary>JSON of the directory repository.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObjectAttributes))]
[JsonSerializable(typeof(UploadFile))]
internal sealed partial class ObjectJson : JsonSerializerContext
{
    /// <summary>Escapes only what JSON demands.</summary>
    public static ObjectJson Terse { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
