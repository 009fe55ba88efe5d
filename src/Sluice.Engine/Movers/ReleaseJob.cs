using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>A file that was found fit to be released.</summary>
internal sealed record ReleaseJob
{
    /// <summary>The file, open for reading and writing past the guard.</summary>
    public required Fd File { get; init; }

    /// <summary>What it was when it was looked at.</summary>
    public required FileStatus Status { get; init; }

    /// <summary>Its record then.</summary>
    public required LedgerRecord Record { get; init; }

    /// <summary>Its object, which is what was archived.</summary>
    public required ObjectAddress Address { get; init; }

    /// <summary>Whether its content is to be compared with the record's checksum, while nobody has the file.</summary>
    public bool IsContentCompared { get; init; }

    /// <summary>Only if it was last read, written or changed before this moment.</summary>
    public required long TouchedBeforeNs { get; init; }
}
