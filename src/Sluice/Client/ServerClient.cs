using System.Net.Sockets;
using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.SigV4;

namespace Sluice.CommandLine.Client;

/// <summary>A client of one server. Faults tell which server, and whose keys.</summary>
internal sealed class ServerClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly BytesWatch _watch = new();
    private readonly HttpClient _http;
    private readonly FsxClient _client;
    private readonly Uri _endpoint;
    private readonly ServerKeys _keys;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    public ServerClient(Uri endpoint, ServerKeys keys, string region, TimeProvider time)
    {
        (_endpoint, _keys) = (endpoint, keys);
        _http = new HttpClient(_watch) { Timeout = Limit };
        _client = new FsxClient(_http, endpoint, new SigV4Signer(keys.Credentials, region, "fsx", time), time);
    }

    /// <summary>Bytes done and found of the task last described alone; null when the server did not say.</summary>
    public (long Done, long Total)? Bytes => _watch.Last;

    /// <summary>Calls an operation.</summary>
    /// <exception cref="HttpRequestException">The server can't be reached; the message names it.</exception>
    /// <exception cref="FsxClientException">The server refused.</exception>
    public async Task<TOutput> SendAsync<TInput, TOutput>(FsxOperation<TInput, TOutput> operation, TInput input, CancellationToken cancellationToken)
        where TInput : class
        where TOutput : class
    {
        try
        {
            return await _client.SendAsync(operation, input, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            var reason = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "nothing listens there" : e.Message;
            throw new HttpRequestException($"The server {_endpoint} can't be reached: {reason}. Start it with 'sluice serve', or name another with --endpoint or --data.", e);
        }
        catch (TaskCanceledException e) when (e.InnerException is TimeoutException)
        {
            throw new HttpRequestException($"The server {_endpoint} did not answer in {Limit.TotalMinutes} minutes.", e);
        }
        catch (FsxClientException e) when (ServerKeys.AreRefusedBy(e))
        {
            throw new FsxClientException(e.Code, $"{e.Message} The keys are {_keys.Source}.") { Status = e.Status, RequestId = e.RequestId };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _watch.Dispose();
    }
}
