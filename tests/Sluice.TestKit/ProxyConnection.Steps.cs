using System.Net.Sockets;

namespace Sluice.TestKit;

/// <summary>What becomes of each request, and the connection to the server.</summary>
internal sealed partial class ProxyConnection
{
    /// <summary>True when the exchange is over and the next may come.</summary>
    private bool Step(ProxyExchange exchange)
    {
        if (!exchange.IsStarted && !Start(exchange))
            return false;
        if (exchange.IsForwarded)
            return StepForwarding(exchange);
        if (exchange.Kind == ProxyActionKind.Hang)
            return false;
        if (!exchange.IsReceived && !HoldsBodyBack(exchange))
            return false;
        _closing = !exchange.IsReceived;
        _toClient.Append(exchange.ErrorAnswer(_closing));
        exchange.Request.Status = exchange.Request.Action!.Status;
        return true;
    }

    private bool Start(ProxyExchange exchange)
    {
        if (exchange.Head is null)
            return false;
        if (exchange.Request.Action is not { } action)
        {
            action = exchange.Request.Action = loop.Decide(exchange.Request);
            loop.Log.Changed(exchange.Request);
            exchange.DueAt = loop.Now + (long)action.Wait.TotalMilliseconds;
            if (!action.Release.IsCompleted)
                loop.WakeWhen(action.Release);
        }

        if (!action.Release.IsCompleted)
            return false;
        if (exchange.DueAt > loop.Now)
        {
            WakeAt = exchange.DueAt;
            return false;
        }

        exchange.Start();
        if (action.Kind == ProxyActionKind.CutBeforeForward || (exchange.IsForwarded && !Connect()))
        {
            Close(reset: true);
            return false;
        }

        if (exchange.IsForwarded)
            _answers.BeginAnswer(exchange.Request.Method);
        else
            exchange.Discard();
        return true;
    }

    private bool StepForwarding(ProxyExchange exchange)
    {
        if (_server is { } server && exchange.Outbound.Count > 0)
        {
            exchange.Request.ForwardClock ??= loop.Tick();
            if (!Send(server, exchange.Outbound))
                TakeLastWords(exchange);
        }

        if (IsClosed || !exchange.IsAnswered)
            return false;
        switch (exchange.Kind)
        {
            case ProxyActionKind.CutAfterForward:
                Close(reset: true);
                return false;
            case ProxyActionKind.Duplicate when !exchange.IsRepeated:
                Repeat(exchange);
                return false;
            case ProxyActionKind.TruncateAnswer:
                _toClient.Append(exchange.HalfAnswer());
                _closing = true;
                return true;
            default:
                exchange.Request.Status = exchange.Request.ServerStatus;
                return exchange.IsReceived || _closing;
        }
    }

    private void Repeat(ProxyExchange exchange)
    {
        exchange.Repeat();
        if (!exchange.IsReceived || !Connect())
        {
            Close(reset: true);
            return;
        }

        _answers.BeginAnswer(exchange.Request.Method);
        if (!Send(_server!, exchange.Outbound))
            TakeLastWords(exchange);
    }

    /// <summary>The server does not take more. It may have answered why, and that is read first.</summary>
    private void TakeLastWords(ProxyExchange exchange)
    {
        exchange.Discard();
        ReadServer(new byte[LastWordsBytes]);
    }

    private bool Connect()
    {
        if (_server is not null)
            return true;
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            server.Connect(loop.Backend);
            server.Blocking = false;
            _server = server;
            return true;
        }
        catch (SocketException)
        {
            server.Dispose();
            return false;
        }
    }

    private void CloseServer()
    {
        _server?.Dispose();
        _server = null;
    }
}
