using System.Runtime.CompilerServices;
using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Storage;

/// <summary>A process's way to a bucket: requests take time, and some have a fate. What a request does is done at the endpoint, whether the process that sent it
/// still lives or not.</summary>
internal class SimulatedRepository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) : IObjectRepository
{
    private const int PageKeys = 3;

    private static readonly TimeSpan Least = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MostLate = TimeSpan.FromSeconds(8);

    public string Bucket => bucket.Name;

    public bool IsRemote => true;

    protected World World => world;

    protected SimulatedBucket Content => bucket;

    public Task CheckAccessAsync(string prefix, CancellationToken cancellationToken) => RequestAsync("check", prefix, null, () => true, cancellationToken);

    public Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken) => RequestAsync(
        "head", key, null, () => bucket.Objects.TryGetValue(key, out var found) ? HeadOf(found) : null, cancellationToken);

    public virtual Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken)
    {
        var content = request.Content.ToArray();
        return RequestAsync("put", request.Key, permit, () => bucket.Put(request.Key, content, request.Checksum, request.Metadata), cancellationToken);
    }

    public Task<PutResult> CopyAsync(
        string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        RequestAsync("copy", key, permit, () => bucket.Copy(sourceKey, expectedETag, key, metadata), cancellationToken);

    public Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        RequestAsync("create", key, permit, () => new CreatedUpload(bucket.CreateUpload(key, metadata)), cancellationToken, mayBeLate: true);

    public virtual Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken)
    {
        var content = request.Content.ToArray();
        watch.OnUpload(bucket, request.Upload.Key);
        return RequestAsync(
            "upload", request.Upload.Key, null, () => bucket.PutPart(request.Upload.UploadId, request.PartNumber, content, request.Checksum), cancellationToken);
    }

    public virtual Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken)
    {
        watch.OnUpload(bucket, upload.Key);
        return RequestAsync("complete", upload.Key, null, () => bucket.Complete(upload.UploadId, upload.Key, parts, checksum), cancellationToken, isWrite: true);
    }

    public virtual Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken) => RequestAsync(
        "abort",
        upload.Key,
        null,
        () =>
        {
            bucket.Abort(upload.UploadId);
            return true;
        },
        cancellationToken);

    public async IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in await RequestAsync("parts", upload.Key, null, () => bucket.Parts(upload.UploadId), cancellationToken)) yield return part;
    }

    public async IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uploads = await RequestAsync("uploads", keyPrefix, null, () => bucket.Uploads.Where(upload => upload.Value.Key.StartsWith(keyPrefix, StringComparison.Ordinal)).ToList(), cancellationToken);
        foreach (var (id, upload) in uploads) yield return new ListedUpload(new MultipartUpload(upload.Key, id), upload.Initiated);
    }

    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var after = startAfter;
            var page = await RequestAsync("list", prefix, null, () => bucket.List(prefix, after, PageKeys), cancellationToken);
            foreach (var item in page) yield return item;
            if (page.Count < PageKeys) yield break;
            startAfter = page[^1].Key;
        }
    }

    public IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken) =>
        RequestAsync("get", key, null, () => Get(key, (int)offset, (int?)length, expectedETag), cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        RequestAsync("delete", key, null, () => bucket.Objects.Remove(key), cancellationToken, isWrite: true);

    private ObjectContent Get(string key, int offset, int? length, string? expectedETag)
    {
        var found = bucket.Get(key, expectedETag);
        var rest = found.Content.Length - offset;
        var count = Math.Min(length ?? rest, rest);

        // The connection may be lost in the midst of it.
        if (!rates.AreOver && world.Chance.Roll(rates.Requests)) count = world.Chance.Between(0, count);
        var isWhole = offset == 0 && length is null;
        var head = HeadOf(found);
        return new ObjectContent(isWhole ? head : head with { Checksum = null }, new MemoryStream(found.Content, offset, count, writable: false));
    }

    /// <param name="what">For the trace.</param>
    /// <param name="key">The key.</param>
    /// <param name="permit">The way through the gate of a request that is the first of a file; null where there is none.</param>
    /// <param name="effect">What it does at the endpoint.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <param name="isWrite">Whether it changes objects.</param>
    /// <param name="mayBeLate">Whether it may be done some seconds after its connection was lost.</param>
    protected async Task<T> RequestAsync<T>(
        string what, string key, StartPermit? permit, Func<T> effect, CancellationToken cancellationToken, bool isWrite = false, bool mayBeLate = false)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // A connection is taken or made.
        await world.PauseAsync(TimeSpan.FromMicroseconds(10), TimeSpan.FromMilliseconds(5), cancellationToken);
        if (permit is not null)
        {
            permit.BeginOrThrow();
            if (permit != StartPermit.Unrestricted) watch.OnBegin(bucket, key);
            permit.Begun();
        }

        var fate = rates.FateOf(world);
        world.Note(what, key, (long)fate);
        var answer = new TaskCompletionSource<T>();
        var delay = Delay();
        if (fate is RequestFate.Answered or RequestFate.AnswerLost)
            world.In(delay, () => Do(key, effect, fate, isWrite || permit is not null, answer));
        else if (mayBeLate && fate == RequestFate.Lost && world.Chance.Roll(0.5))
            world.In(TimeSpan.FromTicks(world.Chance.Spread(1, MostLate.Ticks)), () => DoLate(effect));
        if (fate is not (RequestFate.Answered or RequestFate.AnswerLost))
            world.In(fate == RequestFate.Hung ? Hang : delay, () => answer.SetException(FailureOf(fate)));
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private void Do<T>(string key, Func<T> effect, RequestFate fate, bool isWrite, TaskCompletionSource<T> answer)
    {
        try
        {
            var result = effect();
            if (isWrite) watch.OnWrite(bucket, key);
            world.In(Delay(), () =>
            {
                if (fate == RequestFate.Answered) answer.SetResult(result);
                else answer.SetException(FailureOf(fate));
            });
        }
        catch (RepositoryException e)
        {
            world.In(Delay(), () => answer.SetException(e));
        }
    }

    private void DoLate<T>(Func<T> effect)
    {
        world.Note("late", bucket.Name);
        _ = effect();
    }

    private TimeSpan Delay() => TimeSpan.FromTicks(world.Chance.Spread(Least.Ticks, Most.Ticks));

    private static RepositoryException FailureOf(RequestFate fate) => fate switch
    {
        RequestFate.Throttled => new(RepositoryErrorCode.Throttled, "Slow down.", isTransient: true),
        RequestFate.Refused => new(RepositoryErrorCode.AccessDenied, "This is forbidden.", isTransient: false),
        _ => new(RepositoryErrorCode.Unavailable, "The connection was lost.", isTransient: true),
    };

    private static ObjectHead HeadOf(StoredObject found) => new()
    {
        SizeBytes = found.Content.Length,
        ETag = found.ETag,
        LastModified = found.LastModified,
        Checksum = Repositories.Checksums.Crc64Nvme.Hash(found.Content),
        Metadata = found.Metadata,
    };
}

/// <summary>Looks at what requests do.</summary>
internal interface IRequestWatch
{
    /// <summary>A file's first side effect was let through the gate of its task.</summary>
    void OnBegin(SimulatedBucket bucket, string key);

    /// <summary>A part is sent, or they are put together: of a file that has begun, or that goes on with what an earlier life of the task began.</summary>
    void OnUpload(SimulatedBucket bucket, string key);

    /// <summary>A request has changed the bucket.</summary>
    void OnWrite(SimulatedBucket bucket, string key);
}
