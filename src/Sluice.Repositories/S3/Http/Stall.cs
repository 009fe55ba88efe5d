namespace Sluice.Repositories.S3.Http;

/// <summary>Ends a wait for an endpoint from which nothing comes.</summary>
internal sealed class Stall : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _limit;

    private Stall(CancellationTokenSource source, TimeSpan limit) => (_source, _limit) = (source, limit);

    /// <summary>Canceled by the caller, or after the limit.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Watches one wait.</summary>
    public static Stall Watch(TimeSpan limit, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(limit);
        return new Stall(source, limit);
    }

    /// <summary>Something moved: the limit counts from here on.</summary>
    public void Restart()
    {
        try
        {
            _source.CancelAfter(_limit);
        }
        catch (ObjectDisposedException)
        {
            // The wait is over.
        }
    }

    /// <summary>The error for it.</summary>
    public IOException Expired() => new($"Nothing came from the endpoint for {_limit.TotalSeconds:0} s.");

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
