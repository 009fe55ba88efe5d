namespace Sluice.Repositories.S3.Http;

/// <summary>A response on its way: its head is here, its content is read from <see cref="Content"/>. Disposing it gives the connection back, for the next
/// call when the content was read to its end.</summary>
internal sealed class S3Response(ResponseHead head, ResponseContent content) : IAsyncDisposable
{
    /// <summary>Status and headers.</summary>
    public ResponseHead Head { get; } = head;

    /// <summary>Whether it refuses a request that was signed by a wrong clock, which is right now: the same request may succeed.</summary>
    public bool IsOfWrongTime { get; init; }

    /// <summary>The content.</summary>
    public ResponseContent Content { get; } = content;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
