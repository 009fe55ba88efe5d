using System.Net.Sockets;

namespace Sluice.TestKit;

/// <summary>
/// A client's connection and the server's connection that serves it. Requests are taken in as they come, pipelined ones too, and handled
/// one after the other. All on the loop's thread; no call blocks, except the connect to the server, which on loopback is done at once.
/// </summary>
internal sealed partial class ProxyConnection(ProxyLoop loop, Socket client, int number)
{
    private const int BufferedBytesLimit = 1024 * 1024;
    private const int ReadsPerTurn = 4;
    private const int LastWordsBytes = 64 * 1024;

    private readonly HttpFramer _requests = new();
    private readonly HttpFramer _answers = new();
    private readonly Queue<ProxyExchange> _exchanges = new();
    private readonly ByteQueue _toClient = new();
    private ProxyExchange? _reading;
    private Socket? _server;
    private bool _clientEnded;
    private bool _closing;
    private bool _shutDown;

    public int Number => number;

    public bool IsClosed { get; private set; }

    /// <summary>When to look again if nothing happens, in milliseconds of the loop's time.</summary>
    public long? WakeAt { get; private set; }

    private ProxyExchange? Forwarding =>
        _exchanges.TryPeek(out var exchange) && exchange is { IsStarted: true, IsForwarded: true } ? exchange : null;

    /// <summary>What to wait for on the client's socket.</summary>
    public (Socket Socket, short Events) Client =>
        (client, (short)((TakesMore ? Libc.POLLIN : 0) | (_toClient.Count > 0 ? Libc.POLLOUT : 0)));

    /// <summary>What to wait for on the server's socket.</summary>
    public (Socket? Socket, short Events) Server =>
        (_server, (short)((_toClient.Count < BufferedBytesLimit ? Libc.POLLIN : 0) | (Forwarding?.Outbound.Count > 0 ? Libc.POLLOUT : 0)));

    private bool TakesMore => !_clientEnded && (_reading is null || _reading.IsDiscarded || _reading.Outbound.Count < BufferedBytesLimit);

    /// <summary>Takes in what the client has sent; <paramref name="all"/>: until nothing is left.</summary>
    public void ReadClient(Span<byte> buffer, bool all)
    {
        for (var turn = 0; !IsClosed && !_clientEnded && (all || (turn < ReadsPerTurn && TakesMore)); turn++)
        {
            // All that is here belongs to a body that is still being sent: no request can begin in it, so it may wait.
            if (all && !TakesMore && _requests.Remaining >= client.Available)
                return;
            var count = client.Receive(buffer, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success || count == 0)
                _clientEnded = true;
            else
                Guard(buffer[..count], TakeRequestBytes);
        }
    }

    /// <summary>Takes in what the server has answered.</summary>
    public void ReadServer(Span<byte> buffer)
    {
        for (var turn = 0; !IsClosed && _server is { } server && turn < ReadsPerTurn && _toClient.Count < BufferedBytesLimit; turn++)
        {
            var count = server.Receive(buffer, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success || count == 0)
                ServerEnded();
            else
                Guard(buffer[..count], TakeAnswerBytes);
        }
    }

    /// <summary>Does all that can be done.</summary>
    public void Advance()
    {
        WakeAt = null;
        while (!IsClosed && _exchanges.TryPeek(out var exchange) && (exchange.IsStarted || !_closing) && Step(exchange))
            End(_exchanges.Dequeue());
        if (!IsClosed)
            FlushClient();
    }

    /// <summary>Closes both sides; <paramref name="reset"/>: the client sees a broken connection, not an end.</summary>
    public void Close(bool reset)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        foreach (var exchange in _exchanges)
            End(exchange);
        CloseServer();
        if (reset)
            client.LingerState = new LingerOption(true, 0);
        client.Dispose();
    }

    private delegate void Taker(ReadOnlySpan<byte> bytes);

    private void Guard(ReadOnlySpan<byte> bytes, Taker take)
    {
        try
        {
            take(bytes);
        }
        catch (FormatException)
        {
            Close(reset: true);
        }
    }

    private void TakeRequestBytes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_reading is null)
            {
                _reading = new(loop.Begin(this));
                _exchanges.Enqueue(_reading);
                _requests.BeginRequest();
            }

            var count = _requests.Consume(bytes);
            _reading.Take(bytes[..count]);
            bytes = bytes[count..];
            if (_requests.Head is { } head && _reading.Head is null)
            {
                _reading.Learn(head);
                loop.Log.Changed(_reading.Request);
            }

            if (!_requests.IsComplete)
                continue;
            _reading.IsReceived = true;
            _reading = null;
        }
    }

    private void TakeAnswerBytes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Forwarding is not { IsAnswered: false } exchange)
            {
                // Nobody asked for this.
                CloseServer();
                return;
            }

            var isBody = _answers.Head is not null;
            var count = _answers.Consume(bytes);
            if (exchange.IsPassedOn)
                exchange.PassOn(bytes[..count], isBody, _toClient);
            else
                exchange.Withhold(bytes[..count]);
            bytes = bytes[count..];
            if (_answers.IsComplete)
                TakeCompleteAnswer(exchange);
        }
    }

    private void TakeCompleteAnswer(ProxyExchange exchange)
    {
        var head = _answers.Head!;
        _answers.BeginAnswer(exchange.Request.Method);
        if (head.Status < 200)
        {
            exchange.GiveOut(_toClient);
            return;
        }

        exchange.Request.ServerStatus = head.Status;
        exchange.IsAnswered = true;
        // An early answer: the rest of the body goes nowhere, and the server's connection with it.
        var isEarly = !exchange.IsReceived || exchange.Outbound.Count > 0;
        if (isEarly)
            exchange.Discard();
        if (isEarly || head.Closes)
            CloseServer();
        _closing |= exchange.IsPassedOn && (head.Closes || HoldsBodyBack(exchange));
    }

    /// <summary>The client waits for leave to send the body, which it will not get.</summary>
    private static bool HoldsBodyBack(ProxyExchange exchange) =>
        exchange is { Head.ExpectsContinue: true, IsReceived: false, HasBody: false };

    private void ServerEnded()
    {
        CloseServer();
        if (Forwarding is not { IsAnswered: false } exchange)
            return;
        if (!_answers.EndsWithConnection)
        {
            Close(reset: true);
            return;
        }

        TakeCompleteAnswer(exchange);
        _closing = true;
    }

    private void FlushClient()
    {
        if (_toClient.Count > 0 && !Send(client, _toClient))
        {
            _clientEnded = true;
            _toClient.Clear();
        }

        if (_toClient.Count > 0)
            return;
        if (_closing && !_shutDown && !_clientEnded)
        {
            // Half a close, so that what was sent arrives; what the client still sends is read until it ends too.
            _shutDown = true;
            ShutDownSending();
        }

        // A request that was passed on completely is seen to its end, though its client is gone: the server does it all the same.
        if (_clientEnded && !(Forwarding is { IsReceived: true, IsAnswered: false } || Forwarding?.Outbound.Count > 0))
            Close(reset: false);
    }

    private void ShutDownSending()
    {
        try
        {
            client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            _clientEnded = true;
        }
    }

    private void End(ProxyExchange exchange)
    {
        exchange.Request.EndClock = loop.Tick();
        loop.Log.Changed(exchange.Request);
    }

    /// <summary>Sends what the peer takes; false when it takes nothing any more.</summary>
    private static bool Send(Socket socket, ByteQueue queue)
    {
        while (queue.Count > 0)
        {
            var count = socket.Send(queue.Bytes, SocketFlags.None, out var error);
            if (error != SocketError.Success)
                return error == SocketError.WouldBlock;
            queue.Consume(count);
        }

        return true;
    }
}
