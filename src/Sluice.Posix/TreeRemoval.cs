namespace Sluice.Posix;

/// <summary>
/// Removes everything beneath a directory, which itself stays. No symlink is followed and no other mount entered, however the tree changes meanwhile;
/// files are not opened. What can't be removed is left, and the rest goes nevertheless. Descriptors do not grow with the depth.
/// <code>
/// read the directory: unlink what is no directory, note some directories; go into each of them
/// none left: read it again, until nothing is found; go up through "..", which has to be the directory come from; remove the one left
/// </code>
/// </summary>
public sealed class TreeRemoval : IDisposable
{
    // A directory that somebody fills as fast as it is emptied is left.
    private const int Attempts = 16;

    // Reading a directory anew for each of its directories would take the square of their number.
    private const int Noted = 256;

    private readonly Stack<Level> _levels = new();
    private readonly Fd _root;
    private Fd? _child;
    private PosixException? _failure;

    private TreeRemoval(Fd root)
    {
        _root = root;
        _levels.Push(new Level([], FileSystemCalls.Status(root)));
    }

    private Fd Current => _child ?? _root;

    /// <summary>Empties a directory.</summary>
    /// <param name="directory">Open for reading; stays the caller's to dispose.</param>
    /// <param name="cancellationToken">Stops in between; what is removed stays removed.</param>
    /// <exception cref="PosixException">Something could not be removed; the first such fault.</exception>
    public static void RemoveContents(Fd directory, CancellationToken cancellationToken)
    {
        using var removal = new TreeRemoval(directory);
        removal.Run(cancellationToken);
        if (removal._failure is { } failure) throw failure;
    }

    /// <inheritdoc/>
    public void Dispose() => _child?.Dispose();

    private void Run(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var level = _levels.Peek();
            if (level.Directories.Count == 0) Sweep(level, cancellationToken);
            if (level.Directories.TryDequeue(out var name)) Enter(level, name);
            else if (_levels.Count == 1) return;
            else Leave();
        }
    }

    /// <summary>Unlinks what can be, and notes directories that may still be emptied.</summary>
    private void Sweep(Level level, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new DirectoryReader(Current);
            while (level.Directories.Count < Noted && reader.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (level.IsLeft(reader.Name)) continue;
                RequireBeneath(level);
                var errno = reader.Kind == FileKind.Directory ? Errno.EISDIR : FileSystemCalls.TryRemoveAt(Current, reader.Name, isDirectory: false);
                if (errno == Errno.EISDIR) level.Directories.Enqueue(reader.Name.ToArray());
                else if (errno is not (Errno.None or Errno.ENOENT)) Fail(level, reader.Name, new PosixException(errno, "unlinkat", PathText.Of(reader.Name)));
            }
        }
        catch (PosixException e)
        {
            _failure ??= e;
        }
    }

    /// <summary>What somebody moves out of the root meanwhile is to be kept.</summary>
    private void RequireBeneath(Level level)
    {
        if (!FileSystemCalls.IsBeneathMountRoot(Current)) throw new PosixException(Errno.ESTALE, "unlinkat", PathText.Of(level.Name));
    }

    private void Enter(Level level, byte[] name)
    {
        if (!level.MayTry(name))
        {
            Fail(level, name, new PosixException(Errno.ENOTEMPTY, "unlinkat", PathText.Of(name)));
            return;
        }

        RequireBeneath(level);
        var errno = FileSystemCalls.TryOpenBeneath(Current, name, OpenFlags.Directory | OpenFlags.NoFollow, mode: 0, out var opened);
        if (errno == Errno.None)
        {
            _levels.Push(new Level(name, FileSystemCalls.Status(opened!)));
            _child?.Dispose();
            _child = opened;
        }
        else if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP))
        {
            // Another mount is none of ours, and an unreadable directory may still be empty.
            if (errno != Errno.EXDEV && FileSystemCalls.TryRemoveAt(Current, name, isDirectory: true) == Errno.None) return;
            Fail(level, name, new PosixException(errno, "openat2", PathText.Of(name)));
        }
    }

    private void Leave()
    {
        var left = _levels.Pop();
        var above = _levels.Peek();
        if (_levels.Count == 1)
        {
            _child!.Dispose();
            _child = null;
        }
        else
        {
            var errno = FileSystemCalls.TryOpenParent(_child!, out var parent);
            if (errno != Errno.None || !FileSystemCalls.Status(parent!).IsSameInode(above.Status))
            {
                parent?.Dispose();
                throw _failure ?? new PosixException(errno == Errno.None ? Errno.ESTALE : errno, "openat", PathText.Of(left.Name));
            }

            _child!.Dispose();
            _child = parent;
        }

        var removed = FileSystemCalls.TryRemoveAt(Current, left.Name, isDirectory: true);

        // One that was filled meanwhile is found again.
        var isGone = removed is Errno.None or Errno.ENOENT or Errno.ENOTDIR;
        if (!isGone && (left.HasFailures || removed is not (Errno.ENOTEMPTY or Errno.EEXIST)))
            Fail(above, left.Name, new PosixException(removed, "unlinkat", PathText.Of(left.Name)));
    }

    private void Fail(Level level, ReadOnlySpan<byte> name, PosixException failure)
    {
        level.Leave(name);
        _failure ??= failure;
    }

    /// <summary>A directory that is being emptied.</summary>
    private sealed class Level(byte[] name, FileStatus status)
    {
        private readonly HashSet<string> _left = [];
        private readonly Dictionary<string, int> _tries = [];

        public Queue<byte[]> Directories { get; } = new();

        public byte[] Name { get; } = name;

        public FileStatus Status { get; } = status;

        public bool HasFailures => _left.Count > 0;

        public bool IsLeft(ReadOnlySpan<byte> entry) => _left.Count > 0 && _left.Contains(Convert.ToHexString(entry));

        public void Leave(ReadOnlySpan<byte> entry) => _left.Add(Convert.ToHexString(entry));

        /// <summary>Counts how often one directory was found not to be empty after it was emptied.</summary>
        public bool MayTry(ReadOnlySpan<byte> entry)
        {
            var key = Convert.ToHexString(entry);
            if (_tries.Count > 4 * Noted && !_tries.ContainsKey(key)) _tries.Clear();
            return (_tries[key] = _tries.GetValueOrDefault(key) + 1) <= Attempts;
        }
    }
}
