using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.TestKit;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

/// <summary>
/// What every repository has to do: each sentence of <see cref="IObjectRepository"/> as a test. A repository proves itself by deriving
/// from this class and saying how a bucket is made.
/// </summary>
public abstract partial class RepositorySuite : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A bucket of its own, empty at first, without retries.</summary>
    protected IObjectRepository Repository
    {
        get => field ?? throw new InvalidOperationException("The repository is not open.");
        private set;
    }

    /// <summary>Least size of a part that is not the last.</summary>
    protected abstract int SmallestPartBytes { get; }

    /// <summary>Whether keys may begin with a slash. Where not, they are refused.</summary>
    protected virtual bool TakesLeadingSlash => true;

    /// <summary>Longest key the store behind the repository takes.</summary>
    protected abstract int LongestKeyBytes { get; }

    public async ValueTask InitializeAsync() => Repository = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A bucket that exists and is empty.</summary>
    protected abstract Task<IObjectRepository> OpenAsync();

    /// <summary>A bucket that does not exist.</summary>
    protected abstract IObjectRepository OpenMissing();

    /// <summary>Removes what <see cref="OpenAsync"/> made.</summary>
    protected abstract ValueTask RemoveAsync();

    protected static ObjectMetadata Metadata(params (string Name, string Value)[] user) =>
        new() { User = user.ToDictionary(pair => pair.Name, pair => pair.Value) };

    protected static PutRequest Request(string key, byte[] content, ObjectMetadata? metadata = null) =>
        new() { Key = key, Content = content, Checksum = Crc64Nvme.Hash(content), Metadata = metadata ?? Metadata() };

    protected static async Task<RepositoryException> RefusedAsync(RepositoryErrorCode code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RepositoryException>(call);
        Assert.True(code == refusal.Code, $"Expected {code}, got {refusal.Code}: {refusal.Message}");
        return refusal;
    }

    protected Task<PutResult> PutAsync(string key, byte[] content, ObjectMetadata? metadata = null) =>
        Repository.PutAsync(Request(key, content, metadata), StartPermit.Unrestricted, Cancellation);

    protected async Task<ObjectHead> HeadAsync(string key)
    {
        var head = await Repository.HeadAsync(key, Cancellation);
        Assert.NotNull(head);
        return head;
    }

    protected async Task<byte[]> ReadAsync(string key, long offset = 0, long? length = null)
    {
        await using var content = await Repository.GetAsync(key, offset, length, expectedETag: null, Cancellation);
        using var buffer = new MemoryStream();
        await content.Stream.CopyToAsync(buffer, Cancellation);
        return buffer.ToArray();
    }

    private async Task<List<string>> KeysAsync(string prefix = "", string? startAfter = null) =>
        await Repository.ListAsync(prefix, startAfter, Cancellation).Select(item => item.Key).ToListAsync(Cancellation);

    /// <summary>Keys in the byte order of their UTF-8.</summary>
    private static List<string> Sorted(IEnumerable<string> keys) => [.. keys.OrderBy(key => (TreePath)key)];
}
