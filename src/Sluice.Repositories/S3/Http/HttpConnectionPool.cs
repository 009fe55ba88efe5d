using System.Collections.Concurrent;

namespace Sluice.Repositories.S3.Http;

/// <summary>Keeps connections to one host open between requests, the last used first, and bounds how many there are.</summary>
/// <param name="address">Where to.</param>
/// <param name="limit">Connections at most; further calls wait.</param>
/// <param name="time">The clock.</param>
internal sealed class HttpConnectionPool(HttpAddress address, int limit, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    // Servers close idle connections after a minute or so; asking one that is about to be closed costs a retry.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentStack<HttpConnection> _idle = [];
    private readonly SemaphoreSlim _places = new(limit, limit);
    private volatile bool _isDisposed;

    /// <summary>An open connection for one call; give it back by <see cref="Return"/>.</summary>
    public async ValueTask<HttpConnection> RentAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            while (_idle.TryPop(out var connection))
            {
                if (time.GetElapsedTime(connection.IdleSince) < IdleLimit && !connection.IsStale) return connection;
                connection.Dispose();
            }

            return await HttpConnection.OpenAsync(address, ConnectLimit, time, cancellationToken);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Gives a connection back.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isReusable">Whether its last response was read to the end and it stays open.</param>
    public void Return(HttpConnection connection, bool isReusable)
    {
        if (isReusable && !_isDisposed)
        {
            connection.IdleSince = time.GetTimestamp();
            _idle.Push(connection);
        }
        else
        {
            connection.Dispose();
        }

        if (!_isDisposed) _places.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryPop(out var connection)) connection.Dispose();
        _places.Dispose();
    }
}
