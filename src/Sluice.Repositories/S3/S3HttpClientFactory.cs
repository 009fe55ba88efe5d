using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Sluice.Repositories.S3;

/// <summary>One HTTP client per endpoint, on sockets of our own: no delay, a pool as large as the concurrency, permits asked at the first byte.</summary>
/// <param name="connections">Connections at most.</param>
/// <param name="stallLimit">Longest wait without a byte in either direction; the SDK has no limit of its own where the client is ours.</param>
internal sealed class S3HttpClientFactory(int connections, TimeSpan stallLimit) : HttpClientFactory
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = ConnectLimit,
            Expect100ContinueTimeout = TimeSpan.Zero,
            MaxConnectionsPerServer = connections,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            UseCookies = false,
            UseProxy = false,
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // The connection belongs to no call: a TLS handshake on it is not the start of anything.
        StartPermitStream.Current = null;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new StartPermitStream(new NetworkStream(socket, ownsSocket: true), stallLimit);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
