using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Engine.Reports;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Runs;

/// <summary>What the scanner and the movers of one running task share.</summary>
internal sealed class TaskContext : IDisposable
{
    // Clocks of two machines.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    /// <summary>The task.</summary>
    public required TaskId TaskId { get; init; }

    /// <summary>Its tag in the ledger.</summary>
    public required ulong TaskTag { get; init; }

    /// <summary>When an earlier life of the task began, whose process died or was stopped; null when there was none.</summary>
    public DateTimeOffset? EarlierStart { get; init; }

    /// <summary>Whether an earlier life of the task may have made this object.</summary>
    public bool IsOfEarlierLife(ObjectHead head) => EarlierStart is { } start && head.LastModified >= start - ClockTolerance;

    /// <summary>Its gate.</summary>
    public required StartGate Gate { get; init; }

    /// <summary>The way to the file system's files.</summary>
    public required GuardedRoot Files { get; init; }

    /// <summary>The file system's root, past its guard.</summary>
    public Fd Root => Files.Root;

    /// <summary>Its ledger.</summary>
    public required LedgerStore Ledger { get; init; }

    /// <summary>Rows of the completion report.</summary>
    public required FailureSpool Failures { get; init; }

    /// <summary>Whether it ends with a completion report: else the log is where failures are told.</summary>
    public required bool HasReport { get; init; }

    /// <summary>Its counters.</summary>
    public TaskCounters Counters { get; } = new();

    /// <summary>Whether the repositories answer at all.</summary>
    public required RepositoryHealth Health { get; init; }

    /// <summary>Whether no further file is to be begun: canceled, or nothing further can succeed.</summary>
    public bool IsStopped => Gate.IsClosed || Health.GiveUpReason is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Failures.Dispose();
        Files.Dispose();
    }
}
