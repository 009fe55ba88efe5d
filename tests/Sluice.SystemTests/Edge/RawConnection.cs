using System.Net;
using System.Net.Sockets;
using Sluice.TestKit;

namespace Sluice.SystemTests.Edge;

/// <summary>One TCP connection to a server: sends any bytes, and reads HTTP answers as they come.</summary>
internal sealed class RawConnection : IDisposable
{
    /// <summary>How long an answer, or the end of the connection, may take before the server counts as hanging. Far above every limit of the server.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(3);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly HttpFramer _framer = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RawConnection()
    {
    }

    /// <summary>Connects.</summary>
    public static async Task<RawConnection> OpenAsync(EndPoint server, CancellationToken cancellationToken)
    {
        var connection = new RawConnection();
        try
        {
            await connection._socket.ConnectAsync(server, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends bytes; false when the server has closed the connection.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var sent = await _socket.SendAsync(bytes, cancellationToken).AsTask().WaitAsync(HangLimit, cancellationToken);
                bytes = bytes[sent..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next final answer; null when the connection ends without one. TimeoutException: the server hangs.</summary>
    /// <param name="method">Method of the request that is answered: to HEAD no body comes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RawAnswer?> ReceiveAsync(string method, CancellationToken cancellationToken)
    {
        while (true)
        {
            _framer.BeginAnswer(method);
            if (await ReadAsync(cancellationToken) is not { } answer) return null;
            if (answer.Status is < 100 or >= 200) return answer;
        }
    }

    /// <summary>Says that nothing more will be sent; answers can still come.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server was faster.
        }
    }

    /// <summary>Breaks the connection off, so that the server sees a reset and no end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<RawAnswer?> ReadAsync(CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        while (!_framer.IsComplete)
        {
            if (_start == _end && !await FillAsync(cancellationToken)) return null;
            var inBody = _framer.Head is not null;
            var taken = _framer.Consume(_buffer.AsSpan(_start.._end));
            if (inBody) await body.WriteAsync(_buffer.AsMemory(_start, taken), cancellationToken);
            _start += taken;
        }

        return new RawAnswer(_framer.Head!, body.ToArray());
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            var received = await _socket.ReceiveAsync(_buffer, cancellationToken).AsTask().WaitAsync(HangLimit, cancellationToken);
            (_start, _end) = (0, received);
            return received > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
