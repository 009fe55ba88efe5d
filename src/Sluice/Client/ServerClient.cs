using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;

namespace Sluice.CommandLine.Client;

/// <summary>A client and what it owns.</summary>
internal sealed class ServerClient(HttpClient http, FsxClient client, ServerOptionsGroup.BytesWatch watch) : IDisposable
{
    /// <summary>Bytes done and found of the task last described alone; null when the server did not say.</summary>
    public (long Done, long Total)? Bytes => watch is { Done: { } done, Total: { } total } ? (done, total) : null;

    /// <summary>Calls an operation.</summary>
    public Task<TOutput> SendAsync<TInput, TOutput>(FsxOperation<TInput, TOutput> operation, TInput input, CancellationToken cancellationToken)
        where TInput : class
        where TOutput : class => client.SendAsync(operation, input, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
