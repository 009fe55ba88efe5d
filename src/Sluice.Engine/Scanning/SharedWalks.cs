using System.Diagnostics.CodeAnalysis;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>
/// The walks of a scan, shared by its walkers: they take the starts in turn, and one for whom none is left gets a directory that another has just found,
/// with everything in it. So there are hardly more walks than walkers, and each entry is in one of them. Safe for concurrent use.
/// <code>
/// walker: take a walk → at every directory: offer it → at the walk's end: finish it → take the next, until there is none
/// </code>
/// </summary>
/// <param name="root">What the starts are relative to; the caller's to dispose, after this.</param>
/// <param name="starts">Where the walks begin; at least one.</param>
internal sealed class SharedWalks(Fd root, IReadOnlyList<ScanStart> starts) : IDisposable
{
    private readonly SharedWork<SharedWalk> _parts = new(starts.Count);
    private int _started;

    /// <summary>Whether a walker failed: the others need not go on.</summary>
    public bool IsClosed => _parts.IsClosed;

    /// <summary>Takes a walk if there is one now.</summary>
    /// <exception cref="PosixException">The start of the walk can't be reached.</exception>
    public bool TryTake([NotNullWhen(true)] out SharedWalk? walk)
    {
        walk = null;
        if (IsClosed || Volatile.Read(ref _started) >= starts.Count) return false;
        var next = Interlocked.Increment(ref _started) - 1;
        if (next >= starts.Count) return false;
        walk = new SharedWalk(new TreeWalk(root, starts[next].Path.ToBytes()), starts[next].Link);
        return true;
    }

    /// <summary>Waits for a walk that another walker offers; null when there will be none.</summary>
    public ValueTask<SharedWalk?> TakeAsync(CancellationToken cancellationToken) => _parts.TakeAsync(cancellationToken);

    /// <summary>Gives away the directory at which a walk stands, if it stands at one and a walker waits for it.</summary>
    public void Offer(SharedWalk walk)
    {
        if (_parts.Wanted <= 0 || !walk.Walk.HasChildren) return;
        var part = new SharedWalk(walk.Walk.SplitOff(), walk.Link);
        if (!_parts.Add(part)) part.Dispose();
    }

    /// <summary>A walk that was taken is at its end, or need not go on.</summary>
    public void Finish(SharedWalk walk)
    {
        walk.Dispose();
        _parts.Finish();
    }

    /// <summary>There are no further walks: nobody waits any more.</summary>
    public void Close() => _parts.Close();

    /// <summary>Disposes what nobody took.</summary>
    public void Dispose()
    {
        while (_parts.TryTakeBack(out var walk)) walk.Dispose();
    }
}

/// <summary>A walk and the association its entries belong to.</summary>
internal sealed record SharedWalk(TreeWalk Walk, LinkedDirectory? Link) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Walk.Dispose();
}
