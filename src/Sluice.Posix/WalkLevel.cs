namespace Sluice.Posix;

/// <summary>
/// One directory that a <see cref="TreeWalk"/> is inside of. It can be parked: descriptor and buffer are given back, and what is needed to
/// go on at the same place through another descriptor is remembered.
/// </summary>
internal sealed class WalkLevel(Fd directory, FileStatus status, int pathLength) : IDisposable
{
    private DirectoryReader? _entries = DirectoryReader.OfNew(directory);
    private Fd? _directory = directory;
    private long _position;

    /// <summary>The directory when it was opened.</summary>
    internal FileStatus Status { get; } = status;

    /// <summary>Length of the directory's own path.</summary>
    internal int PathLength { get; } = pathLength;

    /// <summary>Why the directory could not be opened again.</summary>
    internal Errno Failure { get; set; }

    internal bool IsParked => _directory is null;

    internal Fd Directory => _directory ?? throw new InvalidOperationException("The directory is parked.");

    internal DirectoryReader Entries => _entries ?? throw new InvalidOperationException("The directory is parked.");

    internal void Park()
    {
        _position = Entries.Position;
        Dispose();
    }

    /// <summary>Goes on where it was parked.</summary>
    /// <param name="errno">Whether opening the directory again worked.</param>
    /// <param name="opened">What was opened; owned by this level from here on.</param>
    /// <returns>ESTALE: what was opened is another directory.</returns>
    internal Errno TryResume(Errno errno, Fd? opened)
    {
        _directory = opened;
        if (opened is null)
            return errno;
        errno = FileSystemCalls.TryStatus(opened, [], out var status);
        if (errno == Errno.None && !status.IsSameInode(Status))
            errno = Errno.ESTALE;
        if (errno == Errno.None)
            errno = DirectoryReader.TryResume(opened, _position, out _entries);
        if (errno != Errno.None)
            Dispose();
        return errno;
    }

    public void Dispose()
    {
        _entries?.Dispose();
        _directory?.Dispose();
        _entries = null;
        _directory = null;
    }
}
