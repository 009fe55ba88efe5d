namespace Sluice.Engine;

/// <summary>How hard the engine works. Checked by <see cref="Validate"/> at start.</summary>
public sealed record EngineOptions
{
    /// <summary>Directory for the engine's own files (failure spools); made when missing.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>Files in flight per task, 1 to 1,024; default 32. Too small: small files wait for round trips. Too large: memory and the server's queue.</summary>
    public int Concurrency { get; init; } = 32;

    /// <summary>Objects an import or a release asks about at a time, 1 to 1,024; default 128. It waits for answers most of the time, so it takes more than
    /// <see cref="Concurrency"/>, which bounds the entries an import makes at a time; the endpoint's limit of connections bounds it too.</summary>
    public int HeadsInParallel { get; init; } = 128;

    /// <summary>Parts of a bucket an import lists at a time, 1 to 64; default 8.</summary>
    public int ListingsInParallel { get; init; } = 8;

    /// <summary>Directories of one tree a task looks through at a time, 1 to 64; default one for each processor, at least 2 and at most 8. More may help where
    /// the file system is on a network.</summary>
    public int WalksInParallel { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Content bytes held in memory by all tasks together; default 128 MiB, at least <see cref="MultipartThresholdBytes"/>.
    /// One part larger than this (files over 1.2 TiB) is still read, alone.</summary>
    public long BufferBytes { get; init; } = 128L << 20;

    /// <summary>Files larger than this are sent in parts; default 16 MiB, at least 5 MiB.</summary>
    public long MultipartThresholdBytes { get; init; } = 16L << 20;

    /// <summary>Size of a part, at least 5 MiB; default 8 MiB. Grows for files that would have more than 10,000 parts.</summary>
    public int PartSizeBytes { get; init; } = 8 << 20;

    /// <summary>The least that <see cref="MultipartThresholdBytes"/> and <see cref="PartSizeBytes"/> may be: S3 refuses smaller parts. Less only for a
    /// repository that does not.</summary>
    internal int LeastPartBytes { get; init; } = 5 << 20;

    /// <summary>Parts of one file in flight; default 4.</summary>
    public int PartsInParallel { get; init; } = 4;

    /// <summary>Files larger than <see cref="MultipartThresholdBytes"/> are restored in ranges of this size, at least 1 MiB; default 8 MiB.</summary>
    public int RangeBytes { get; init; } = 8 << 20;

    /// <summary>Ranges of one file read at once; default 8.</summary>
    public int RangesInParallel { get; init; } = 8;

    /// <summary>Files restored at once because somebody waits for them, 1 to 1,024; default 64. They never wait for the files of a restore task.</summary>
    public int InteractiveRestores { get; init; } = 64;

    /// <summary>How often counters go to the catalog; default 1 s.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Files that fail one after another because the repository can't be reached, before the task gives up; default 64.</summary>
    public int UnavailableLimit { get; init; } = 64;

    /// <summary>Whether the rows of failed files stay in <see cref="WorkDirectory"/> as <c>TASK-ID.csv</c> when a task has ended; default no: the
    /// completion report has them.</summary>
    public bool KeepFailures { get; init; }

    /// <summary>How long the scheduler waits before it looks at the catalog again without being told; default 1 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Throws <see cref="ArgumentException"/> naming the option that is out of range.</summary>
    public void Validate()
    {
        Check(Concurrency is >= 1 and <= 1024, nameof(Concurrency), "1 to 1,024");
        Check(HeadsInParallel is >= 1 and <= 1024, nameof(HeadsInParallel), "1 to 1,024");
        Check(ListingsInParallel is >= 1 and <= 64, nameof(ListingsInParallel), "1 to 64");
        Check(WalksInParallel is >= 1 and <= 64, nameof(WalksInParallel), "1 to 64");
        Check(MultipartThresholdBytes >= LeastPartBytes && MultipartThresholdBytes <= 5L << 30, nameof(MultipartThresholdBytes), "5 MiB to 5 GiB");
        Check(PartSizeBytes >= LeastPartBytes, nameof(PartSizeBytes), "at least 5 MiB");
        Check(PartsInParallel is >= 1 and <= 64, nameof(PartsInParallel), "1 to 64");
        Check(BufferBytes >= MultipartThresholdBytes && BufferBytes >= PartSizeBytes, nameof(BufferBytes), "at least MultipartThresholdBytes and PartSizeBytes");
        Check(RangeBytes >= 1 << 20, nameof(RangeBytes), "at least 1 MiB");
        Check(RangesInParallel is >= 1 and <= 64, nameof(RangesInParallel), "1 to 64");
        Check(InteractiveRestores is >= 1 and <= 1024, nameof(InteractiveRestores), "1 to 1,024");
        Check(ProgressInterval > TimeSpan.Zero, nameof(ProgressInterval), "more than zero");
    }

    private static void Check(bool valid, string name, string range)
    {
        if (!valid) throw new ArgumentException($"Engine option {name} is out of range; expected {range}.");
    }
}
