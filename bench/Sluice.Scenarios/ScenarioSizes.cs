namespace Sluice.Scenarios;

/// <summary>How large the scenarios are.</summary>
internal sealed record ScenarioSizes
{
    /// <summary>Files of the scenarios with small files.</summary>
    public required int Files { get; init; }

    /// <summary>Files of 1 MiB.</summary>
    public required int MediumFiles { get; init; }

    /// <summary>Files of mixed sizes.</summary>
    public required int MixedFiles { get; init; }

    /// <summary>Bytes of the large file that is exported.</summary>
    public required long LargeBytes { get; init; }

    /// <summary>Entries of the scenarios with many of them.</summary>
    public required int Objects { get; init; }

    /// <summary>Files that a growing tree ends with.</summary>
    public required int GrowTo { get; init; }

    /// <summary>Just enough to prove that everything runs; the figures mean nothing.</summary>
    public static ScenarioSizes Miniature { get; } = new()
    {
        Files = 200, MediumFiles = 8, MixedFiles = 100, LargeBytes = 24 << 20, Objects = 400, GrowTo = 400,
    };
}
