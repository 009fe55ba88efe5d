using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using Sluice.Core.Tasks;

namespace Sluice.Repositories.S3.Http;

/// <summary>One connection to an endpoint: a request, then its response, then the next. Used by one call at a time.</summary>
internal sealed class HttpConnection : IDisposable
{
    private const int BufferBytes = 32 << 10;
    private const int MaxHeadBytes = BufferBytes;

    // What even a slow line takes long before a wait counts as a stall.
    private const int PieceBytes = 256 << 10;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;
    private bool _isDisposed;

    private HttpConnection(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    /// <summary>When it was last given back, in timestamps.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether the endpoint has closed it, or sent what nobody asked for, while it was idle.</summary>
    public bool IsStale => _end > _start || _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects.</summary>
    public static async Task<HttpConnection> OpenAsync(HttpAddress address, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var expired = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expired.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.HostName, address.Port, either.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (address.IsEncrypted)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.HostName }, either.Token);
                stream = secure;
            }

            return new HttpConnection(socket, stream);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"The connection to {address.Host} was not made within {limit.TotalSeconds:0} s.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request. The permit is asked right before the first byte.</summary>
    /// <param name="head">Request line and headers.</param>
    /// <param name="content">Content; may be empty.</param>
    /// <param name="permit">The file's way through its task's gate; null for requests without side effects.</param>
    /// <param name="stall">Gives up where nothing moves; the connection is not usable then.</param>
    /// <exception cref="StartRefusedException">Nothing was sent.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> content, StartPermit? permit, Stall stall)
    {
        // Small contents go with their head, in one packet.
        if (content.Length > 0 && head.Length + content.Length <= _buffer.Length)
        {
            head.Span.CopyTo(_buffer);
            content.Span.CopyTo(_buffer.AsSpan(head.Length));
            await PermittedWrite.WriteAsync(_stream, _buffer.AsMemory(0, head.Length + content.Length), permit, stall.Token);
            return;
        }

        await PermittedWrite.WriteAsync(_stream, head, permit, stall.Token);
        for (var sent = 0; sent < content.Length; sent += PieceBytes)
        {
            await _stream.WriteAsync(content.Slice(sent, Math.Min(PieceBytes, content.Length - sent)), stall.Token);
            stall.Restart();
        }
    }

    /// <summary>Reads the head of the response; interim ones are passed over.</summary>
    public async ValueTask<ResponseHead> ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = await FindHeadAsync(cancellationToken);
            var head = ResponseHead.Parse(_buffer.AsSpan(_start, length));
            _start += length;
            if (head.Status >= 200) return head;
        }
    }

    /// <summary>Reads up to the length of <paramref name="target"/>; 0 at the end of the connection.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (_start == _end) return _stream.ReadAsync(target, cancellationToken);
        var count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target.Span);
        _start += count;
        return ValueTask.FromResult(count);
    }

    /// <summary>Reads a line without its end, at most a buffer long; for chunk sizes.</summary>
    public async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = System.Text.Encoding.ASCII.GetString(_buffer, _start, end);
                _start += end + 2;
                return line;
            }

            await FillAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _stream.Dispose();

        // Not given back to the pool: a canceled call may still be writing into it.
    }

    private async ValueTask<int> FindHeadAsync(CancellationToken cancellationToken)
    {
        for (var searched = 0; ;)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf("\r\n\r\n"u8);
            if (found >= 0) return searched + found + 4;
            searched = Math.Max(0, _end - _start - 3);
            await FillAsync(cancellationToken);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end >= MaxHeadBytes) throw new IOException($"The endpoint's answer has headers of more than {MaxHeadBytes} bytes.");
        var count = await _stream.ReadAsync(_buffer.AsMemory(_end, BufferBytes - _end), cancellationToken);
        if (count == 0) throw new IOException("The endpoint closed the connection before it answered.");
        _end += count;
    }
}
