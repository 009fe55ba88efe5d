using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Scenarios.Api;

/// <summary>One kept connection that sends requests made beforehand and reads their answers: as little as a client can do.</summary>
internal sealed class HttpLane : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferBytes];

    private HttpLane()
    {
    }

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    private static ReadOnlySpan<byte> LengthHeader => "Content-Length: "u8;

    private static ReadOnlySpan<byte> Success => "HTTP/1.1 200 "u8;

    /// <summary>Connects to a server on loopback.</summary>
    public static async Task<HttpLane> ConnectAsync(Uri server, CancellationToken cancellationToken)
    {
        var lane = new HttpLane();
        try
        {
            await lane._socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
            return lane;
        }
        catch
        {
            lane.Dispose();
            throw;
        }
    }

    /// <summary>Sends one request and answers the body of its answer, valid until the next. InvalidOperationException: it was no success.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(request, cancellationToken);
        var (received, body, end) = (0, 0, int.MaxValue);
        while (received < end)
        {
            var count = received < BufferBytes ? await _socket.ReceiveAsync(_buffer.AsMemory(received), cancellationToken) : 0;
            if (count == 0) throw new InvalidOperationException($"The server ended the connection, or its answer is longer than {BufferBytes} bytes.");
            received += count;
            if (body == 0 && _buffer.AsSpan(0, received).IndexOf(EndOfHead) is >= 0 and var head)
            {
                body = head + EndOfHead.Length;
                end = body + LengthIn(_buffer.AsSpan(0, body));
            }
        }

        return _buffer.AsSpan().StartsWith(Success)
            ? _buffer.AsMemory(body, end - body)
            : throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, end));
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static int LengthIn(ReadOnlySpan<byte> head)
    {
        var text = head[(head.IndexOf(LengthHeader) + LengthHeader.Length)..];
        return int.Parse(text[..text.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
