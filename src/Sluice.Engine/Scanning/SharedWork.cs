using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Work that several take in turn, and of which who has some gives a part away when others wait. Safe for concurrent use.
/// <code>
/// take → while at it: is some wanted? add a part → finish → take the next, until there is none
/// </code>
/// </summary>
/// <param name="unfinished">Work there is besides, which is finished here but not taken.</param>
internal sealed class SharedWork<T>(int unfinished = 0)
    where T : class
{
    private readonly Channel<T> _added = Channel.CreateUnbounded<T>();
    private int _unfinished = unfinished;
    private int _wanted;
    private volatile bool _isClosed;

    /// <summary>Whether who had some failed: the others need not go on.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>How many wait for whom nothing has been added yet; more than enough was added where it is below 0.</summary>
    public int Wanted => Volatile.Read(ref _wanted);

    /// <summary>Adds work, which somebody has to finish then.</summary>
    /// <returns>Whether it will be taken: nothing is any more once this is closed, and it is the caller's to dispose.</returns>
    public bool Add(T work)
    {
        Interlocked.Decrement(ref _wanted);
        Interlocked.Increment(ref _unfinished);
        return _added.Writer.TryWrite(work);
    }

    /// <summary>Takes work, or waits until some is added; null when there will be none.</summary>
    public async ValueTask<T?> TakeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _wanted);
        while (!_isClosed && await _added.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_added.Reader.TryRead(out var work)) return work;
        }

        return null;
    }

    /// <summary>Work is at its end, or need not go on.</summary>
    public void Finish()
    {
        if (Interlocked.Decrement(ref _unfinished) == 0) _added.Writer.TryComplete();
    }

    /// <summary>There is no further work: nobody waits any more.</summary>
    public void Close()
    {
        _isClosed = true;
        _added.Writer.TryComplete();
    }

    /// <summary>What was added and nobody took; after the last has ended.</summary>
    public bool TryTakeBack([NotNullWhen(true)] out T? work) => _added.Reader.TryRead(out work);
}
