using System.Globalization;

namespace Sluice.Repositories.S3.Http;

/// <summary>The content of a response, by its length, in chunks, or to the end of the connection. Ending early is an <see cref="IOException"/>.</summary>
internal sealed class ResponseContent : ReadOnlyStream
{
    private readonly HttpConnectionPool _pool;
    private readonly HttpConnection _connection;
    private readonly TimeSpan _stallLimit;
    private readonly bool _isChunked;
    private readonly bool _isLast;

    // Bytes left of the content, or of the current chunk; null to the end of the connection.
    private long? _left;
    private bool _isAtEnd;
    private bool _isFirstChunk = true;
    private bool _isReturned;

    /// <param name="pool">Where the connection goes.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="head">The response's head.</param>
    /// <param name="hasContent">False for responses that have none whatever their head says (HEAD).</param>
    /// <param name="stallLimit">Longest wait for the next bytes.</param>
    public ResponseContent(
        HttpConnectionPool pool, HttpConnection connection, ResponseHead head, bool hasContent, TimeSpan stallLimit)
    {
        (_pool, _connection, _stallLimit) = (pool, connection, stallLimit);
        hasContent = hasContent && head.Status is not (204 or 304);
        _isChunked = hasContent && head.IsChunked;
        _left = _isChunked || !hasContent ? 0 : head.ContentLength;
        _isLast = head.IsLast || _left is null;
        _isAtEnd = !_isChunked && _left == 0;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAtEnd || buffer.IsEmpty) return 0;
        using var stall = Stall.Watch(_stallLimit, cancellationToken);
        try
        {
            if (_isChunked && _left == 0 && !await NextChunkAsync(stall.Token)) return 0;
            var wanted = _left is { } left ? buffer[..(int)Math.Min(buffer.Length, left)] : buffer;
            var count = await _connection.ReadAsync(wanted, stall.Token);
            if (count == 0 && _left > 0) throw new IOException("The endpoint closed the connection in the midst of its answer.");
            _left -= count;
            _isAtEnd = !_isChunked && (_left == 0 || count == 0);
            return count;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw stall.Expired();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isReturned)
        {
            _isReturned = true;
            _pool.Return(_connection, _isAtEnd && !_isLast);
        }

        base.Dispose(disposing);
    }

    /// <returns>False at the end of the content.</returns>
    private async ValueTask<bool> NextChunkAsync(CancellationToken cancellationToken)
    {
        // The line end behind the chunk before.
        if (!_isFirstChunk) _ = await _connection.ReadLineAsync(cancellationToken);
        _isFirstChunk = false;
        var line = await _connection.ReadLineAsync(cancellationToken);
        var end = line.IndexOf(';', StringComparison.Ordinal);
        if (!long.TryParse(end < 0 ? line : line[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0)
            throw new IOException("The endpoint's answer has a malformed chunk.");
        _left = size;
        if (size > 0) return true;
        while ((await _connection.ReadLineAsync(cancellationToken)).Length > 0)
        {
            // Trailers.
        }

        _isAtEnd = true;
        return false;
    }
}
