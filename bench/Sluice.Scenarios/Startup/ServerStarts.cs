namespace Sluice.Scenarios.Startup;

/// <summary>Starts of one server.</summary>
internal sealed class ServerStarts
{
    /// <summary>Milliseconds from starting the process to the first answer.</summary>
    public Samples ToFirstAnswer { get; } = new();

    /// <summary>Resident memory of the last one when it had nothing to do.</summary>
    public long IdleBytes { get; private set; }

    /// <summary>Leaves the server alone for a while, then reads its memory.</summary>
    public async Task TakeMemoryAsync(int pid, TimeSpan idle, CancellationToken cancellationToken)
    {
        await Task.Delay(idle, TimeProvider.System, cancellationToken);
        IdleBytes = ProcessCounters.ResidentBytes(pid);
    }
}
