using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>One entry of the tree that needs work, or may.</summary>
internal sealed class ScanEntry : IWorkEntry
{
    // What was listed before that may have been replaced since.
    private const long ListedMilliseconds = 5_000;

    private long _listedAt;

    /// <summary>Path relative to the file system's root.</summary>
    public required byte[] Path { get; init; }

    /// <summary>Its association; null for a task that needs none.</summary>
    public required LinkedDirectory? Linked { get; init; }

    /// <summary>Its association, for a task that needs one.</summary>
    public LinkedDirectory Link => Linked ?? throw new InvalidOperationException("The task has no associations.");

    /// <summary>Regular, Directory or Symlink.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>Content bytes when it was seen; 0 for a directory.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>How it stood to its record when it was seen.</summary>
    public required Standing Standing { get; init; }

    /// <inheritdoc/>
    public required bool IsCounted { get; set; }

    /// <summary>Why it could not be looked at, instead of everything else.</summary>
    public PosixException? Error { get; init; }

    /// <summary>Its object as a listing showed it, if one did a moment ago.</summary>
    public ListedObject? Listed
    {
        get => Environment.TickCount64 - _listedAt < ListedMilliseconds ? field : null;
        private set;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReportPath => Path;

    /// <summary>A listing has just shown its object.</summary>
    public void Found(ListedObject listed) => (Listed, _listedAt) = (listed, Environment.TickCount64);

    /// <summary>The entry at which a walk stands.</summary>
    public static ScanEntry At(TreeWalk walk, LinkedDirectory? link, Standing standing, bool isCounted) => new()
    {
        Path = walk.Path.ToArray(),
        Linked = link,
        Kind = walk.Status.Kind,
        SizeBytes = ContentBytes(walk.Status),
        Standing = standing,
        IsCounted = isCounted,
    };

    /// <summary>The entry at which a walk stands, and which it could not look at.</summary>
    public static ScanEntry Unreadable(TreeWalk walk, LinkedDirectory? link, PosixException error) => new()
    {
        Path = walk.Path.ToArray(),
        Linked = link,
        Kind = FileKind.Unknown,
        SizeBytes = 0,
        Standing = Standing.Unknown,
        IsCounted = true,
        Error = error,
    };

    /// <summary>Content bytes of an inode for the counters.</summary>
    public static long ContentBytes(in FileStatus status) => status.Kind == FileKind.Directory ? 0 : status.SizeBytes;
}
