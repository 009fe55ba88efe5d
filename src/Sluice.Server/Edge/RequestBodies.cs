using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sluice.Protocol.Faults;

namespace Sluice.Server.Edge;

/// <summary>
/// Reads bodies within bounds. A signature is checked over the whole body, so bodies of anyone who reaches the port are held in memory: small ones
/// always, large ones only a few at a time, however many clients send them however slowly.
/// </summary>
internal sealed class RequestBodies : IDisposable
{
    /// <summary>Largest body read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Largest body that is read whatever the others do, in bytes; all but a few requests are far smaller.</summary>
    public const int SmallBytes = 16 << 10;

    /// <summary>Larger ones in memory at a time.</summary>
    public const int MaxLarge = 16;

    private readonly SemaphoreSlim _large = new(MaxLarge);

    /// <summary>Reads a request's body; the caller disposes it when the request is done.</summary>
    /// <exception cref="FrameworkFault">It is too large, too slow, broken, or one of too many large ones.</exception>
    public async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        var body = new RequestBody(_large);
        try
        {
            await ReadAsync(request, body);
            return body;
        }
        catch (BadHttpRequestException e)
        {
            body.Dispose();
            throw e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => FrameworkFault.RequestEntityTooLarge(MaxBytes),
                StatusCodes.Status408RequestTimeout => FrameworkFault.RequestTimeout(e.Message),
                _ => FrameworkFault.MalformedHttpRequest(e.Message),
            };
        }
        catch (IOException e)
        {
            // Chunks with an absurd size, or a connection that broke off.
            body.Dispose();
            throw FrameworkFault.MalformedHttpRequest(e.Message);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _large.Dispose();

    private static async Task ReadAsync(HttpRequest request, RequestBody body)
    {
        while (true)
        {
            // The end of the connection ends the read; a token would leave it under way, and the server could not clear the body away.
            var read = await request.BodyReader.ReadAsync(CancellationToken.None);
            var fits = body.TryAdd(read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (!fits) throw FrameworkFault.ServiceUnavailable("Too many large requests at a time; try again.");
            if (read.IsCompleted) return;
        }
    }
}

/// <summary>A body in memory.</summary>
internal sealed class RequestBody(SemaphoreSlim large) : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private bool _isLarge;

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);

    /// <summary>Takes more bytes; false when it becomes a large body and there are too many of them.</summary>
    public bool TryAdd(ReadOnlySequence<byte> more)
    {
        if (!_isLarge && _bytes.Length + more.Length > RequestBodies.SmallBytes)
        {
            _isLarge = large.Wait(TimeSpan.Zero);
            if (!_isLarge) return false;
        }

        foreach (var part in more) _bytes.Write(part.Span);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isLarge) large.Release();
        _isLarge = false;
        _bytes.Dispose();
    }
}
