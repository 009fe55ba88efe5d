namespace Sluice.TestKit;

/// <summary>
/// The requests a proxy saw, and who waits for which. Written by the loop's thread alone; <see cref="Snapshot"/> and
/// <see cref="Forget"/> may be called from any.
/// </summary>
internal sealed class ProxyLog
{
    private readonly Lock _lock = new();
    private readonly List<ProxyRequest> _requests = [];
    private readonly List<(Func<ProxyRequest, bool> Match, TaskCompletionSource<ProxyRequest> Found)> _waiting = [];

    /// <summary>The first exception a predicate threw.</summary>
    public Exception? Failure { get; private set; }

    public IReadOnlyList<ProxyRequest> Snapshot()
    {
        lock (_lock)
            return [.. _requests];
    }

    public void Forget()
    {
        lock (_lock)
            _requests.RemoveAll(request => request.EndClock is not null);
    }

    public void Add(ProxyRequest request)
    {
        lock (_lock)
            _requests.Add(request);
    }

    /// <summary>More is known of a request: those who wait look at it again.</summary>
    public void Changed(ProxyRequest request)
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (!Matches(_waiting[i].Match, request))
                continue;
            _waiting[i].Found.TrySetResult(request);
            _waiting.RemoveAt(i);
        }
    }

    /// <summary>Completes <paramref name="found"/> with the first request, logged or to come, that matches.</summary>
    public void Wait(Func<ProxyRequest, bool> match, TaskCompletionSource<ProxyRequest> found)
    {
        if (Snapshot().FirstOrDefault(request => Matches(match, request)) is { } request)
            found.TrySetResult(request);
        else
            _waiting.Add((match, found));
    }

    /// <summary>Nothing more comes: whoever waits gets an exception.</summary>
    public void End(Exception? failure)
    {
        foreach (var (_, found) in _waiting)
            found.TrySetException(new ObjectDisposedException("The S3 proxy has stopped.", failure));
        _waiting.Clear();
    }

    private bool Matches(Func<ProxyRequest, bool> match, ProxyRequest request)
    {
        try
        {
            return match(request);
        }
        catch (Exception e)
        {
            Failure ??= e;
            return false;
        }
    }
}
