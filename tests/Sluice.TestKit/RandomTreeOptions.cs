namespace Sluice.TestKit;

/// <summary>What a <see cref="RandomTree"/> may hold.</summary>
public sealed record RandomTreeOptions
{
    /// <summary>Most entries, parents included. At least one is made.</summary>
    public int MaxEntries { get; init; } = 100;

    /// <summary>Exactly <see cref="MaxEntries"/> entries rather than a random number up to it.</summary>
    public bool Full { get; init; }

    /// <summary>Most directories above an entry.</summary>
    public int MaxDepth { get; init; } = 5;

    /// <summary>Largest file in bytes. Sizes are spread over the magnitudes, so most files are small.</summary>
    public long MaxFileBytes { get; init; } = 64 * 1024;

    /// <summary>Some names come from <see cref="OddNames.Utf8"/>.</summary>
    public bool OddNames { get; init; } = true;

    /// <summary>Some names come from <see cref="OddNames.NotUtf8"/>.</summary>
    public bool NamesNotUtf8 { get; init; }

    /// <summary>Symbolic links, dangling ones too.</summary>
    public bool Symlinks { get; init; } = true;

    /// <summary>Files with two names.</summary>
    public bool HardLinks { get; init; } = true;

    /// <summary>Files with holes.</summary>
    public bool SparseFiles { get; init; } = true;

    /// <summary>Named pipes and sockets.</summary>
    public bool SpecialFiles { get; init; }

    /// <summary>Random owners and groups. Needs root.</summary>
    public bool Owners { get; init; }

    /// <summary>Random modes. Files may then be unreadable to their owner.</summary>
    public bool Modes { get; init; } = true;

    /// <summary>Random times of modification, with nanoseconds, some before 1970.</summary>
    public bool Times { get; init; } = true;
}
