using System.Runtime.CompilerServices;
using Sluice.Core.Tasks;

namespace Sluice.Repositories;

/// <summary>How a <see cref="RetryingRepository"/> tries again.</summary>
public sealed record RetryOptions
{
    /// <summary>Attempts in all; default 8.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>Longest first pause; default 100 ms. Doubles each time.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause; default 20 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>Tries transient failures again, after a random part of a growing pause (full jitter) or what the endpoint asks for. Every call here is
/// safe to repeat: puts are whole, completing and aborting are idempotent.</summary>
public sealed class RetryingRepository(IObjectRepository inner, RetryOptions options, TimeProvider time, Random random) : IObjectRepository
{
    /// <inheritdoc/>
    public string Bucket => inner.Bucket;

    /// <inheritdoc/>
    public bool IsRemote => inner.IsRemote;

    /// <inheritdoc/>
    public Task CheckAccessAsync(string prefix, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            await inner.CheckAccessAsync(prefix, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ObjectHead?> HeadAsync(string key, CancellationToken cancellationToken) =>
        RetryAsync(() => inner.HeadAsync(key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken) =>
        RetryAsync(() => inner.PutAsync(request, permit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> CopyAsync(
        string sourceKey, string expectedETag, string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken) =>
        RetryAsync(() => inner.CopyAsync(sourceKey, expectedETag, key, metadata, permit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>An attempt whose answer was lost leaves an upload nobody knows the id of; the caller settles that.</remarks>
    public Task<CreatedUpload> CreateUploadAsync(string key, ObjectMetadata metadata, StartPermit permit, CancellationToken cancellationToken)
    {
        var attempts = 0;
        return RetryAsync(
            async () =>
            {
                attempts++;
                var created = await inner.CreateUploadAsync(key, metadata, permit, cancellationToken);
                return created with { IsRepeated = attempts > 1 };
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken) =>
        RetryAsync(() => inner.UploadPartAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> CompleteUploadAsync(
        MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken) =>
        RetryAsync(() => inner.CompleteUploadAsync(upload, parts, checksum, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            await inner.AbortUploadAsync(upload, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<UploadedPart> ListPartsAsync(MultipartUpload upload, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // At most 10,000 parts: read whole, so that a failure in the middle can be repeated.
        var parts = await RetryAsync(async () => await inner.ListPartsAsync(upload, cancellationToken).ToListAsync(cancellationToken), cancellationToken);
        foreach (var part in parts) yield return part;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedUpload> ListUploadsAsync(string keyPrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uploads = await RetryAsync(async () => await inner.ListUploadsAsync(keyPrefix, cancellationToken).ToListAsync(cancellationToken), cancellationToken);
        foreach (var upload in uploads) yield return upload;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = startAfter;
        var failures = 0;
        while (true)
        {
            await using var objects = inner.ListAsync(prefix, position, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                bool more;
                try
                {
                    more = await objects.MoveNextAsync();
                }
                catch (RepositoryException e) when (e.IsTransient && ++failures < options.Attempts)
                {
                    await Task.Delay(Pause(failures, e), time, cancellationToken);
                    break;
                }

                if (!more) yield break;
                failures = 0;
                position = objects.Current.Key;
                yield return objects.Current;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListPrefixesAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? last = null;
        var failures = 0;
        while (true)
        {
            await using var prefixes = inner.ListPrefixesAsync(prefix, last ?? startAfter, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                bool more;
                try
                {
                    more = await prefixes.MoveNextAsync();
                }
                catch (RepositoryException e) when (e.IsTransient && ++failures < options.Attempts)
                {
                    await Task.Delay(Pause(failures, e), time, cancellationToken);
                    break;
                }

                if (!more) yield break;
                if (last is not null && ObjectKeys.Compare(prefixes.Current, last) <= 0) continue;
                failures = 0;
                last = prefixes.Current;
                yield return last;
            }
        }
    }

    /// <inheritdoc/>
    public Task<ObjectContent> GetAsync(string key, long offset, long? length, string? expectedETag, CancellationToken cancellationToken) =>
        RetryAsync(() => inner.GetAsync(key, offset, length, expectedETag, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            await inner.DeleteAsync(key, cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task<T> RetryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await call();
            }
            catch (RepositoryException e) when (e.IsTransient && attempt < options.Attempts)
            {
                await Task.Delay(Pause(attempt, e), time, cancellationToken);
            }
        }
    }

    private TimeSpan Pause(int attempt, RepositoryException failure)
    {
        if (failure.RetryAfter is { } asked) return asked < options.MaxDelay ? asked : options.MaxDelay;
        var longest = Math.Min(options.MaxDelay.TotalMilliseconds, options.FirstDelay.TotalMilliseconds * Math.Pow(2, attempt - 1));
        lock (random) return TimeSpan.FromMilliseconds(random.NextDouble() * longest);
    }
}
