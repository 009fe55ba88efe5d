using Xunit;

namespace Sluice.TestKit;

/// <summary>Exchanges pairs of names as fast as it can (renameat2(2) with RENAME_EXCHANGE) on a thread of its own, until disposed. Names must exist as long.</summary>
public sealed class RenameExchange : IDisposable
{
    private const int FewestExchanges = 100;

    private readonly (byte[] One, byte[] Other)[] _pairs;
    private readonly Thread _thread;
    private volatile bool _isOver;
    private volatile int _failures;
    private volatile int _exchanges;

    /// <summary>Begins with one pair.</summary>
    public RenameExchange(string one, string other)
        : this([(one, other)])
    {
    }

    /// <summary>Begins with pairs, one after the other.</summary>
    public RenameExchange(IEnumerable<(string One, string Other)> pairs)
    {
        _pairs = [.. pairs.Select(pair => (((TreePath)pair.One).Terminated(), ((TreePath)pair.Other).Terminated()))];
        _thread = new Thread(Run) { IsBackground = true, Name = "rename exchange" };
        _thread.Start();

        // A thread may be kept waiting for its first turn while what it is to race with is over.
        SpinWait.SpinUntil(() => _exchanges > 0);
    }

    /// <summary>Ends, with each pair as it was or exchanged, and looks back whether it was a race.</summary>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        Assert.Equal(0, _failures);
        Assert.True(_exchanges > FewestExchanges, $"Only {_exchanges} exchanges: the race was none.");
    }

    private void Run()
    {
        while (!_isOver)
        {
            foreach (var (one, other) in _pairs)
            {
                if (Libc.renameat2(Libc.AT_FDCWD, one, Libc.AT_FDCWD, other, Libc.RENAME_EXCHANGE) != 0)
                    _failures++;
                _exchanges++;
            }
        }
    }
}
