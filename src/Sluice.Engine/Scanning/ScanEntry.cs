using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>One entry of the tree that needs work, or may.</summary>
internal sealed class ScanEntry
{
    /// <summary>Path relative to the file system's root.</summary>
    public required byte[] Path { get; init; }

    /// <summary>Its association.</summary>
    public required LinkedDirectory Link { get; init; }

    /// <summary>Regular, Directory or Symlink.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>Size when it was seen.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>How it stood to its record when it was seen.</summary>
    public required Standing Standing { get; init; }

    /// <summary>Whether it is counted in TotalCount already; otherwise a mover has to look closer first.</summary>
    public required bool IsCounted { get; set; }

    /// <summary>Why it could not be looked at, instead of everything else.</summary>
    public PosixException? Error { get; init; }
}
