using System.Runtime.InteropServices;

namespace Sluice.CommandLine;

/// <summary>Ctrl-C (SIGINT) and SIGTERM as two tokens: the first signal asks to come to a good end, a second one to stop at once. While it
/// lives, neither kills the process.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly CancellationTokenSource _second = new();
    private readonly PosixSignalRegistration _onInterrupt;
    private readonly PosixSignalRegistration _onTerminate;
    private int _signals;

    public Interruption()
    {
        _onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken First => _first.Token;

    /// <summary>Canceled by the second signal.</summary>
    public CancellationToken Second => _second.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _onInterrupt.Dispose();
        _onTerminate.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        (Interlocked.Increment(ref _signals) == 1 ? _first : _second).Cancel();
    }
}
