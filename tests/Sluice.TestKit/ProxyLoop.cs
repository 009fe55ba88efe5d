using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sluice.TestKit;

/// <summary>
/// The proxy's event loop: one thread, poll(2), sockets that never block. Only this thread touches connections, the clock and the log's
/// end, which is why "before" and "after" need no locks. Other threads hand it actions by <see cref="Post"/>.
/// </summary>
internal sealed class ProxyLoop : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private const int Backlog = 4096;

    private readonly List<ProxyConnection> _connections = [];
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly SafeFileHandle _wake = new(Libc.Check(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC), "eventfd", []), true);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly Thread _thread;
    private Libc.pollfd[] _polled = new Libc.pollfd[64];
    private long _clock;
    private int _accepted;
    private bool _stopping;
    private Exception? _failure;

    public ProxyLoop(IPEndPoint backend)
    {
        Backend = backend;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Backlog);
        _listener.Blocking = false;
        _thread = new(Run) { IsBackground = true, Name = "S3 proxy" };
        _thread.Start();
    }

    public IPEndPoint Backend { get; }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public Func<ProxyRequest, ProxyAction> Rule { get; set; } = _ => ProxyAction.Forward;

    public ProxyLog Log { get; } = new();

    /// <summary>The first exception of the loop, a rule or a predicate.</summary>
    public Exception? Failure => _failure ?? Log.Failure;

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _time.Elapsed;

    /// <summary>Milliseconds since the start.</summary>
    public long Now => _time.ElapsedMilliseconds;

    /// <summary>Runs an action on the loop's thread, soon. ObjectDisposedException: the loop has ended.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        one[0] = 1;
        // A counter that is full already wakes the loop as well.
        _ = Libc.write(_wake, one, sizeof(ulong));
    }

    /// <summary>Takes in all that clients have handed to the kernel, then reads the clock. On the loop's thread.</summary>
    public long Mark()
    {
        Accept();
        foreach (var connection in _connections)
            connection.ReadClient(_buffer, all: true);
        return Tick();
    }

    /// <summary>On the loop's thread.</summary>
    public long Tick() => ++_clock;

    /// <summary>A request's first byte is here. On the loop's thread.</summary>
    public ProxyRequest Begin(ProxyConnection connection)
    {
        var request = new ProxyRequest(Tick(), connection.Number, Elapsed);
        Log.Add(request);
        return request;
    }

    /// <summary>Tells the first request, logged or to come, that matches when it came in or ended.</summary>
    public Task<ProxyRequest> WaitForAsync(Func<ProxyRequest, bool> match)
    {
        var found = new TaskCompletionSource<ProxyRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => Log.Wait(match, found));
        return found.Task;
    }

    /// <summary>What the rule says; a rule that throws cuts the request off. On the loop's thread.</summary>
    public ProxyAction Decide(ProxyRequest request)
    {
        try
        {
            return Rule(request);
        }
        catch (Exception e)
        {
            _failure ??= e;
            return ProxyAction.CutBeforeForward;
        }
    }

    /// <summary>Looks at all connections again when <paramref name="release"/> completes.</summary>
    public void WakeWhen(Task release)
    {
        release.GetAwaiter().OnCompleted(() =>
        {
            try
            {
                Post(() => { });
            }
            catch (ObjectDisposedException)
            {
                // The test released what it held after it had stopped the proxy.
            }
        });
    }

    /// <summary>Closes everything, and returns when the thread has ended.</summary>
    public void Dispose()
    {
        if (_thread.IsAlive)
        {
            Post(() => _stopping = true);
            _thread.Join();
        }

        _wake.Dispose();
        _listener.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
                Turn();
        }
        catch (Exception e)
        {
            _failure = e;
        }

        foreach (var connection in _connections)
            connection.Close(reset: true);
        _listener.Close();
        Log.End(Failure);
    }

    private void Turn()
    {
        var count = FillPolled();
        var wakeAt = _connections.Min(connection => connection.WakeAt);
        var timeout = wakeAt is null ? -1 : (int)Math.Clamp(wakeAt.Value - Now, 0, int.MaxValue);
        if (Libc.poll(_polled, (nuint)count, timeout) < 0 && Marshal.GetLastPInvokeError() != Libc.EINTR)
            throw Libc.Failed("poll", []);
        if (_polled[0].revents != 0)
            RunPosted();
        if (_polled[1].revents != 0)
            Accept();
        for (int i = 2, connection = 0; i < count; i += 2, connection++)
        {
            if (_polled[i].revents != 0)
                _connections[connection].ReadClient(_buffer, all: false);
            if (_polled[i + 1].revents != 0)
                _connections[connection].ReadServer(_buffer);
        }

        foreach (var connection in _connections)
            connection.Advance();
        _connections.RemoveAll(connection => connection.IsClosed);
    }

    /// <summary>
    /// Two for the loop, then two for each connection, in the order of the connections. A negative descriptor is skipped.
    /// </summary>
    private int FillPolled()
    {
        var count = 2 + (_connections.Count * 2);
        if (_polled.Length < count)
            _polled = new Libc.pollfd[count * 2];
        _polled[0] = new() { fd = (int)_wake.DangerousGetHandle(), events = Libc.POLLIN };
        _polled[1] = Polled(_listener, Libc.POLLIN);
        var i = 2;
        foreach (var connection in _connections)
        {
            var (client, clientEvents) = connection.Client;
            var (server, serverEvents) = connection.Server;
            _polled[i++] = Polled(client, clientEvents);
            _polled[i++] = Polled(server, serverEvents);
        }

        return count;
    }

    private static Libc.pollfd Polled(Socket? socket, short events) =>
        new() { fd = socket is null || events == 0 ? -1 : (int)socket.SafeHandle.DangerousGetHandle(), events = events };

    private void RunPosted()
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        _ = Libc.read(_wake, counter, sizeof(ulong));
        while (_posted.TryDequeue(out var action))
            action();
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = _listener.Accept();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                return;
            }

            client.Blocking = false;
            client.NoDelay = true;
            _connections.Add(new(this, client, ++_accepted));
        }
    }
}
