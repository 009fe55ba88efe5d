using System.Net;

namespace Sluice.TestKit;

/// <summary>
/// An HTTP/1.1 proxy on loopback between a program and an S3 endpoint: it logs every request with a logical clock and does to each what a
/// rule says. It changes no byte of what it passes on and signs nothing: clients sign for the proxy's address, and the endpoint must
/// accept any host (Ceph's gateway does, with path-style addresses).
/// </summary>
public sealed class S3Proxy : IAsyncDisposable
{
    private readonly ProxyLoop _loop;

    private S3Proxy(IPEndPoint backend) => _loop = new(backend);

    /// <summary>Base address for clients, as <c>http://127.0.0.1:40123</c>.</summary>
    public string Endpoint => $"http://{_loop.Address}";

    /// <summary>
    /// What to do with each request; forwards all until it is set. Called on the proxy's thread when the request's head is known, in the
    /// order of the requests on a connection. It must not block. One that throws cuts the request off and fails the next
    /// <see cref="Mark"/>.
    /// </summary>
    public Func<ProxyRequest, ProxyAction> Rule
    {
        get => _loop.Rule;
        set => _loop.Rule = value;
    }

    /// <summary>Time since its start, as in <see cref="ProxyRequest.FirstByteAt"/>. May be read from any thread.</summary>
    public TimeSpan Elapsed => _loop.Elapsed;

    /// <summary>All requests so far, in the order of their clock.</summary>
    public IReadOnlyList<ProxyRequest> Requests => _loop.Log.Snapshot();

    /// <summary>Starts one in front of <paramref name="backend"/>, an http address of an IPv4 host.</summary>
    public static S3Proxy Start(string backend, Func<ProxyRequest, ProxyAction>? rule = null)
    {
        var address = new Uri(backend);
        var host = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(address.Host);
        var proxy = new S3Proxy(new(host, address.Port));
        if (rule is not null)
            proxy.Rule = rule;
        return proxy;
    }

    /// <summary>
    /// Draws a line in the log: every request whose first byte a client had handed to the kernel before this call has a clock below the
    /// answer, even when the proxy had not read it, or not accepted its connection. So a request with a higher clock was begun after the
    /// call. (One begun during the call may fall on either side. Bytes behind a body that waits for a slow server, pipelined after it, are
    /// outside the promise: no S3 client sends those.) Call it right after the event in question. It waits for the proxy's thread, less
    /// than a millisecond.
    /// </summary>
    public long Mark()
    {
        using var done = new ManualResetEventSlim();
        var clock = 0L;
        _loop.Post(() =>
        {
            clock = _loop.Mark();
            done.Set();
        });
        if (!done.Wait(Hang.Limit) || _loop.Failure is not null)
            throw new InvalidOperationException("The S3 proxy failed.", _loop.Failure);
        return clock;
    }

    /// <summary>
    /// The first request, logged or still to come, for which <paramref name="match"/> holds when its head is known, when the rule has been asked
    /// about it, or when it ends. The predicate runs on the proxy's thread.
    /// </summary>
    public Task<ProxyRequest> WaitForAsync(Func<ProxyRequest, bool> match, CancellationToken cancellationToken) =>
        _loop.WaitForAsync(match).WaitAsync(cancellationToken);

    /// <summary>Drops the requests that have ended from the log, for long runs. The clock goes on.</summary>
    public void Forget() => _loop.Log.Forget();

    /// <summary>Cuts all connections and stops.</summary>
    public ValueTask DisposeAsync()
    {
        _loop.Dispose();
        return ValueTask.CompletedTask;
    }
}
