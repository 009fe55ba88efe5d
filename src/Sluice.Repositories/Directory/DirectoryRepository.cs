using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Core.Tasks;
using Sluice.Posix;
using Sluice.Repositories.Checksums;

namespace Sluice.Repositories.Directory;

/// <summary>
/// A bucket in a directory, for use without a server.
/// <code>
/// objects/…   one file per object, at the key's own path where that is possible (<see cref="KeyPath"/>), metadata in an extended attribute
/// uploads/ID  a multipart upload: upload.json and its parts, 00001…
/// staging     files being made
/// </code>
/// A put is: write in staging, fsync, rename, fsync the directory: the key names the old object or the whole new one, also after a power cut.
/// Needs a file system with user extended attributes. Listing uses memory for 16,384 names per directory level, whatever the bucket's size.
/// </summary>
public sealed class DirectoryRepository(string path, TimeProvider time) : IObjectRepository
{
    private const string UploadFileName = "upload.json";
    private const int CopyBytes = 1 << 20;

    private readonly BucketDirectory _bucket = new(Path.TrimEndingDirectorySeparator(path));

    /// <inheritdoc/>
    public bool IsRemote => false;

    /// <inheritdoc/>
    public string Bucket => Path.GetFileName(_bucket.Path);

    /// <inheritdoc/>
    public Task CheckAccessAsync(string prefix, CancellationToken cancellationToken) => GuardAsync(null, () =>
    {
        _bucket.Ensure();
        using var probe = _bucket.CreateStaged();
        try
        {
            new ObjectAttributes { ETag = "probe", Time = 0 }.Write(probe.SafeFileHandle);
        }
        finally
        {
            File.Delete(probe.Name);
        }

        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken) => GuardAsync(key, () =>
    {
        _bucket.Ensure();
        using var file = Open(key);
        return file is null ? null : Head(file);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken) => GuardAsync(request.Key, () =>
    {
        ObjectKeys.Check(request.Key);
        _bucket.Ensure();
        if (Crc64Nvme.Hash(request.Content.Span) != request.Checksum) throw Mismatch(request.Key);
        var attributes = Attributes(request.Metadata, ContentMd5.ETag(request.Content.Span), request.Checksum);
        using var file = permit.BeginWith(() => _bucket.CreateStaged());
        PublishOrRemove(file, request.Key, attributes, () => file.Write(request.Content.Span));
        return new PutResult(attributes.ETag, null);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> CopyAsync(
        string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) => GuardAsync(sourceKey, () =>
    {
        ObjectKeys.Check(key);
        _bucket.Ensure();
        using var source = Open(sourceKey) ?? throw NotFound(sourceKey);
        var current = ObjectAttributes.Read(source.SafeFileHandle);
        if (current?.ETag != expectedETag) throw Precondition(sourceKey);
        var attributes = Attributes(metadata, current.ETag, current.Checksum);
        if (key == sourceKey)
        {
            permit.BeginWith(() => attributes.Write(source.SafeFileHandle));
            source.Flush(flushToDisk: true);
        }
        else
        {
            using var file = permit.BeginWith(() => _bucket.CreateStaged());
            PublishOrRemove(file, key, attributes, () => source.CopyTo(file, CopyBytes));
        }

        return new PutResult(current.ETag, null);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) => GuardAsync(key, () =>
    {
        ObjectKeys.Check(key);
        _bucket.Ensure();
        var uploadId = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var upload = new UploadFile(key, metadata.ContentType, metadata.User, time.GetUtcNow().ToUnixTimeMilliseconds());
        var directory = UploadPath(uploadId);
        permit.BeginWith(() => System.IO.Directory.CreateDirectory(directory));
        using (var file = _bucket.CreateStaged())
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(upload, ObjectJson.Default.UploadFile));
            file.Flush(flushToDisk: true);
            File.Move(file.Name, Path.Combine(directory, UploadFileName));
        }

        DirectorySync.Flush(directory);
        DirectorySync.Flush(_bucket.Uploads);
        return new CreatedUpload(uploadId);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken) => GuardAsync(request.Upload.Key, () =>
    {
        _bucket.Ensure();
        if (Crc64Nvme.Hash(request.Content.Span) != request.Checksum) throw Mismatch(request.Upload.Key);
        _ = ReadUpload(request.Upload);
        var etag = ContentMd5.ETag(request.Content.Span);
        using var file = _bucket.CreateStaged();
        try
        {
            file.Write(request.Content.Span);
            new ObjectAttributes { ETag = etag, Time = 0, Checksum = request.Checksum }.Write(file.SafeFileHandle);
            file.Flush(flushToDisk: true);
            File.Move(file.Name, PartPath(request.Upload, request.PartNumber), overwrite: true);
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }

        return new UploadedPart(request.PartNumber, etag, request.Content.Length, request.Checksum);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken) => GuardAsync(upload.Key, () =>
    {
        _bucket.Ensure();
        var etag = ContentMd5.ETag(parts);
        if (!System.IO.Directory.Exists(UploadPath(upload.UploadId)))
        {
            // Completed before, only the answer was lost.
            using var existing = Open(upload.Key);
            return existing is not null && ObjectAttributes.Read(existing.SafeFileHandle)?.ETag == etag ? new PutResult(etag, null) : throw NoUpload(upload);
        }

        var created = ReadUpload(upload);
        var metadata = new ObjectMetadata { User = created.User, ContentType = created.ContentType };
        using var file = _bucket.CreateStaged();
        PublishOrRemove(file, upload.Key, Attributes(metadata, etag, checksum), () => Join(file, upload, parts, checksum, cancellationToken));
        RemoveUpload(upload);
        return new PutResult(etag, null);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken) => GuardAsync(upload.Key, () =>
    {
        _bucket.Ensure();
        RemoveUpload(upload);
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = await GuardAsync(upload.Key, () =>
        {
            var directory = new DirectoryInfo(UploadPath(upload.UploadId));
            return !directory.Exists ? [] : directory.EnumerateFiles().Where(file => char.IsAsciiDigit(file.Name[0])).OrderBy(file => file.Name).ToList();
        }, cancellationToken);
        foreach (var part in parts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var file = part.OpenRead();
            if (ObjectAttributes.Read(file.SafeFileHandle) is not { } attributes) continue;
            yield return new UploadedPart(int.Parse(part.Name, CultureInfo.InvariantCulture), attributes.ETag, file.Length, attributes.Checksum);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uploads = await GuardAsync(null, () =>
        {
            _bucket.Ensure();
            return new DirectoryInfo(_bucket.Uploads).EnumerateDirectories()
                .Select(directory => (Id: directory.Name, File: TryReadUpload(directory.Name)))
                .Where(upload => upload.File is { } file && file.Key.StartsWith(keyPrefix, StringComparison.Ordinal))
                .OrderBy(upload => upload.File!.Key, Comparer<string>.Create(ObjectKeys.Compare))
                .ToList();
        }, cancellationToken);
        foreach (var (id, file) in uploads)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ListedUpload(new MultipartUpload(file!.Key, id), DateTimeOffset.FromUnixTimeMilliseconds(file.Time));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await GuardAsync(null, () =>
        {
            _bucket.Ensure();
            return true;
        }, cancellationToken);
        var listing = new DirectoryListing(Encoding.UTF8.GetBytes(prefix), startAfter is null ? null : Encoding.UTF8.GetBytes(startAfter));
        foreach (var (file, key) in listing.Under(_bucket.Objects, []))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var head = await GuardAsync(null, () =>
            {
                using var open = OpenFile(file);
                return open is null ? null : Head(open);
            }, cancellationToken);
            if (head is not null) yield return new ListedObject(Encoding.UTF8.GetString(key), head.SizeBytes, head.ETag, head.LastModified, null);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await GuardAsync(null, () =>
        {
            _bucket.Ensure();
            return true;
        }, cancellationToken);
        var path = prefix.Length == 0 ? _bucket.Objects : Path.Combine(_bucket.Objects, KeyPath.Encode(prefix[..^1]));
        var listing = new DirectoryListing(Encoding.UTF8.GetBytes(prefix), startAfter is null ? null : Encoding.UTF8.GetBytes(startAfter));
        foreach (var beginning in listing.Directories(path, Encoding.UTF8.GetBytes(prefix)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Encoding.UTF8.GetString(beginning);
        }
    }

    /// <inheritdoc/>
    public Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken) => GuardAsync(key, () =>
    {
        ByteRanges.Check(offset, length);
        _bucket.Ensure();
        var file = Open(key) ?? throw NotFound(key);
        try
        {
            var head = Head(file) ?? throw NotFound(key);
            ByteRanges.CheckWithin(key, offset, length, head.SizeBytes);
            if (expectedETag is not null && head.ETag != expectedETag) throw Precondition(key);
            file.Position = offset;
            return new ObjectContent(head, length is { } limit ? new LimitedStream(file, limit) : file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => GuardAsync(key, () =>
    {
        _bucket.Ensure();
        _bucket.Remove(key);
        return true;
    }, cancellationToken);

    private ObjectAttributes Attributes(ObjectMetadata metadata, string etag, ulong? checksum) => new()
    {
        ETag = etag,
        Time = time.GetUtcNow().ToUnixTimeMilliseconds(),
        Checksum = checksum,
        ContentType = metadata.ContentType,
        User = metadata.User,
    };

    private void PublishOrRemove(FileStream file, string key, ObjectAttributes attributes, Action write)
    {
        try
        {
            write();
            attributes.Write(file.SafeFileHandle);
            file.Flush(flushToDisk: true);
            _bucket.Publish(file.Name, key);
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }
    }

    private void Join(FileStream target, MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken)
    {
        var buffer = new byte[CopyBytes];
        var whole = new Crc64Nvme();
        foreach (var part in parts)
        {
            using var source = OpenFile(PartPath(upload, part.PartNumber));
            if (source is null || ObjectAttributes.Read(source.SafeFileHandle)?.ETag != part.ETag)
                throw new RepositoryException(RepositoryErrorCode.Refused, $"Part {part.PartNumber} of key '{upload.Key}' is not the one named.", isTransient: false);
            for (int read; (read = source.Read(buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                whole.Append(buffer.AsSpan(0, read));
                target.Write(buffer.AsSpan(0, read));
            }
        }

        if (whole.Value != checksum) throw Mismatch(upload.Key);
    }

    private FileStream? Open(string key) => _bucket.Find(key) is { } path ? OpenFile(path) : null;

    private static FileStream? OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static ObjectHead? Head(FileStream file) => ObjectAttributes.Read(file.SafeFileHandle) is not { } attributes ? null : new ObjectHead
    {
        SizeBytes = file.Length,
        ETag = attributes.ETag,
        LastModified = DateTimeOffset.FromUnixTimeMilliseconds(attributes.Time),
        Checksum = attributes.Checksum,
        Metadata = new ObjectMetadata { User = attributes.User, ContentType = attributes.ContentType },
    };

    private string UploadPath(string uploadId)
    {
        if (uploadId.Length != 32 || !uploadId.All(char.IsAsciiHexDigitLower))
            throw new RepositoryException(RepositoryErrorCode.UploadNotFound, "The upload id is not one of this repository.", isTransient: false);
        return Path.Combine(_bucket.Uploads, uploadId);
    }

    private string PartPath(MultipartUpload upload, int number) =>
        Path.Combine(UploadPath(upload.UploadId), number.ToString("D5", CultureInfo.InvariantCulture));

    private UploadFile ReadUpload(MultipartUpload upload) =>
        TryReadUpload(upload.UploadId) is { } file && file.Key == upload.Key ? file : throw NoUpload(upload);

    private UploadFile? TryReadUpload(string uploadId)
    {
        try
        {
            var json = File.ReadAllBytes(Path.Combine(UploadPath(uploadId), UploadFileName));
            return JsonSerializer.Deserialize(json, ObjectJson.Default.UploadFile);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void RemoveUpload(MultipartUpload upload)
    {
        var directory = UploadPath(upload.UploadId);
        if (System.IO.Directory.Exists(directory)) System.IO.Directory.Delete(directory, recursive: true);
    }

    private static RepositoryException NotFound(string key) => new(RepositoryErrorCode.NotFound, $"The object '{key}' does not exist.", isTransient: false);

    private static RepositoryException Precondition(string key) =>
        new(RepositoryErrorCode.PreconditionFailed, $"The object '{key}' is not the expected one.", isTransient: false);

    private static RepositoryException NoUpload(MultipartUpload upload) =>
        new(RepositoryErrorCode.UploadNotFound, $"The multipart upload of '{upload.Key}' does not exist.", isTransient: false);

    private static RepositoryException Mismatch(string key) =>
        new(RepositoryErrorCode.ChecksumMismatch, $"The content of '{key}' does not have the checksum it was sent with.", isTransient: true);

    /// <summary>Runs file-system work, which has no asynchronous form, off the caller's flow, with failures translated.</summary>
    private async Task<T> GuardAsync<T>(string? key, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DirectoryErrors.Translate(e, Bucket, key);
        }
    }
}
