using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>One restore of one file by a <see cref="Restorer"/>, which has the file for itself.</summary>
internal sealed record RestoreJob
{
    /// <summary>The file.</summary>
    public required Fd File { get; init; }

    /// <summary>Its ledger.</summary>
    public required LedgerStore Ledger { get; init; }

    /// <summary>Its way through the gate of a task.</summary>
    public StartPermit Permit { get; init; } = StartPermit.Unrestricted;

    /// <summary>Tag of the task, for the record; null when there is none.</summary>
    public ulong? TaskTag { get; init; }

    /// <summary>Bounds the content held in memory.</summary>
    public required ByteBudget Budget { get; init; }

    /// <summary>Returns when what was written to the file is on the device.</summary>
    public required Func<Task> FlushAsync { get; init; }
}
