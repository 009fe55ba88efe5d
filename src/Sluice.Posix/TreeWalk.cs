namespace Sluice.Posix;

/// <summary>
/// Walks a tree depth-first: an entry, then, if it is a directory, what is in it, in the file system's order.
/// <para>
/// Guarantees: no symlink is followed, however the tree changes meanwhile; what is mounted below the start is skipped; every
/// entry that stays in its place is yielded once; memory and open descriptors do not grow with the number of entries, nor
/// descriptors with the depth. An entry that can not be looked at is yielded with <see cref="Error"/>; one that vanished is skipped.
/// </para>
/// <para>
/// A walk can be split: what is in a directory is walked by another one then, which may be used by another thread.
/// </para>
/// <para>
/// Not guaranteed: a snapshot. A directory renamed while the walk is in it is read on, under the path it had when it was found.
/// One walk is not for use by several threads.
/// </para>
/// <code>
/// MoveNext:
///     if a directory was yielded and not skipped: enter it, park the outermost open directory if there are too many
///     while inside a directory:
///         next name → open it if it is a directory, else statx → yield
///         no more names → leave, resume the directory around it if that was parked
/// </code>
/// </summary>
public sealed class TreeWalk : IDisposable
{
    /// <summary>Directories open at a time. A deeper tree costs one more open for each directory left at the depths above.</summary>
    internal const int MaxOpenDirectories = 64;

    /// <summary>How often an entry is looked at that is a directory at one moment and none at the next.</summary>
    private const int Looks = 16;

    private const OpenFlags ToEnter = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;

    private readonly Fd _root;
    private readonly WalkPath _path;
    private readonly List<WalkLevel> _levels = [];
    private readonly Fd? _startParent;
    private Fd? _parent;
    private Fd? _found;
    private bool _started;
    private bool _disposed;
    private int _nameStart;

    /// <summary>Prepares a walk; nothing is yielded yet.</summary>
    /// <param name="root">The directory that paths are relative to; stays the caller's to dispose, after the walk.</param>
    /// <param name="startPath">
    /// Where the walk begins: a directory, or anything else, which is then all there is; empty for <paramref name="root"/> itself.
    /// No slash at either end, no empty component, no "." and no "..".
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="startPath"/> is not of that form.</exception>
    /// <exception cref="PosixException">The directory holding the start is missing (ENOENT), on another mount (EXDEV) or behind a symlink (ELOOP).</exception>
    public TreeWalk(Fd root, ReadOnlySpan<byte> startPath)
    {
        WalkPath.Require(startPath);
        _root = root;
        _path = new WalkPath(startPath);
        _nameStart = startPath.LastIndexOf((byte)'/') + 1;
        if (_nameStart > 0)
            _startParent = FileSystemCalls.OpenBeneath(root, startPath[..(_nameStart - 1)], OpenFlags.Path | OpenFlags.Directory);
    }

    /// <summary>Prepares the walk of what is in a directory that another walk has opened.</summary>
    private TreeWalk(Fd root, ReadOnlySpan<byte> path, Fd directory, in FileStatus status)
    {
        _root = root;
        _path = new WalkPath(path);
        _started = true;
        _found = directory;
        Status = status;
    }

    /// <summary>The entry's path relative to the root; empty for the root. Valid until the next call of <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Path => _path.Bytes;

    /// <summary>The last component of <see cref="Path"/>; empty for the root. Valid as long.</summary>
    public ReadOnlySpan<byte> Name => _path.Bytes[_nameStart..];

    /// <summary>
    /// The open directory that holds <see cref="Name"/>; for the root, the root itself, whose name is empty. Valid until the next call
    /// of <see cref="MoveNext"/>; owned by the walk.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no entry, or <see cref="Error"/> is about going on inside a directory.</exception>
    public Fd Parent => _parent ?? throw new InvalidOperationException("The walk has no entry with a parent now.");

    /// <summary>What the entry is. With an <see cref="Error"/>, what was known before it: possibly nothing (<see cref="FileKind.Unknown"/>).</summary>
    public FileStatus Status { get; private set; }

    /// <summary>
    /// Why the entry could not be looked at, or the directory not opened: it is yielded once then, its children are not. The same
    /// for a directory that was yielded well and could not be read on later: that one is yielded a second time. Null for a good entry.
    /// </summary>
    public PosixException? Error { get; private set; }

    /// <summary>Whether the entry is a directory that the walk is about to go into.</summary>
    public bool HasChildren => _found is not null;

    /// <summary>Goes to the next entry.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="PosixException">On the first call: the start is missing (ENOENT) or a mount of its own (EXDEV).</exception>
    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Error = null;
        if (!_started)
            return Start();
        Enter();
        _parent = null;
        while (_levels is [.., var level])
        {
            if (level.Failure != Errno.None)
                return Leave(new PosixException(level.Failure, "openat2", PathText.Of(_path.Bytes[..level.PathLength])));
            try
            {
                if (!level.Entries.MoveNext())
                    Leave();
                else if (IsEntryIn(level))
                    return true;
            }
            catch (PosixException e)
            {
                return Leave(new PosixException(e.Errno, "getdents64", PathText.Of(_path.Bytes[..level.PathLength])));
            }
        }

        return false;
    }

    /// <summary>Does not go into the directory just yielded; nothing happens for other entries.</summary>
    public void SkipChildren()
    {
        _found?.Dispose();
        _found = null;
    }

    /// <summary>Makes a walk of its own of what is in the directory just yielded; this one does not go into it.</summary>
    /// <returns>The caller's to dispose, before the root.</returns>
    /// <exception cref="InvalidOperationException">The entry has no children: see <see cref="HasChildren"/>.</exception>
    public TreeWalk SplitOff()
    {
        var part = new TreeWalk(_root, Path, _found ?? throw new InvalidOperationException("The walk is not at a directory."), Status);
        _found = null;
        return part;
    }

    /// <summary>Closes what the walk opened.</summary>
    public void Dispose()
    {
        _disposed = true;
        SkipChildren();
        _parent = null;
        foreach (var level in _levels)
            level.Dispose();
        _levels.Clear();
        _startParent?.Dispose();
        _path.Dispose();
    }

    private bool Start()
    {
        _started = true;
        _parent = _startParent ?? _root;
        var errno = Look(_parent, Name, FileKind.Unknown, isRoot: _path.Length == 0);
        return errno == Errno.None || Fail(errno, isStart: true);
    }

    private bool IsEntryIn(WalkLevel level)
    {
        _nameStart = _path.Replace(level.PathLength, level.Entries.Name);
        _parent = level.Directory;
        var errno = Look(_parent, Name, level.Entries.Kind, isRoot: false);
        return errno == Errno.None || Fail(errno, isStart: false);
    }

    /// <summary>Yields an entry as failed, unless it is gone or on another mount: then it is no entry of the tree.</summary>
    private bool Fail(Errno errno, bool isStart)
    {
        var error = new PosixException(errno, Status.Kind == FileKind.Directory ? "openat2" : "statx", PathText.Of(_path.Bytes));
        if (errno is Errno.ENOENT or Errno.EXDEV)
            return isStart ? throw error : false;
        Error = error;
        return true;
    }

    /// <summary>
    /// Fills <see cref="Status"/> and, for a directory, <see cref="_found"/>. A directory is opened first and its status taken from what was
    /// opened, so that both are of one thing; when the name stands for something else by then, it is looked at again.
    /// </summary>
    private Errno Look(Fd parent, ReadOnlySpan<byte> name, FileKind kind, bool isRoot)
    {
        var errno = Errno.None;
        Status = default;
        for (var look = 0; look < Looks; look++)
        {
            if (kind != FileKind.Directory)
            {
                if (LookAt(parent, name, isRoot) is var failed and not Errno.None)
                    return failed;
                if (Status.Kind != FileKind.Directory)
                    return Errno.None;
            }

            errno = FileSystemCalls.TryOpenBeneath(parent, name, ToEnter, mode: 0, out _found);
            if (errno == Errno.None)
                return LookInto();
            if (errno is Errno.ENOENT or Errno.EXDEV)
                return errno;
            if (errno is not (Errno.ENOTDIR or Errno.ELOOP))
                return LookAt(parent, name, isRoot) is var gone and (Errno.ENOENT or Errno.EXDEV) ? gone : errno;
            kind = FileKind.Unknown;
        }

        return errno;
    }

    private Errno LookAt(Fd parent, ReadOnlySpan<byte> name, bool isRoot)
    {
        var errno = FileSystemCalls.TryStatus(parent, name, out var status);
        Status = status;
        return errno == Errno.None && status.IsMountRoot && !isRoot ? Errno.EXDEV : errno;
    }

    private Errno LookInto()
    {
        var errno = FileSystemCalls.TryStatus(_found!, [], out var status);
        Status = status;
        if (errno != Errno.None)
            SkipChildren();
        return errno;
    }

    private void Enter()
    {
        if (_found is null)
            return;
        _levels.Add(new WalkLevel(_found, Status, _path.Length));
        _found = null;
        // Open directories are always the innermost ones, so at most one is too many.
        if (_levels.Count > MaxOpenDirectories && _levels[^(MaxOpenDirectories + 1)] is { IsParked: false } outermost)
            outermost.Park();
    }

    /// <summary>Leaves the innermost directory.</summary>
    private void Leave()
    {
        using var left = _levels[^1];
        _levels.RemoveAt(_levels.Count - 1);
        if (_levels is [.., { IsParked: true, Failure: Errno.None } level])
            level.Failure = TryResume(level, left);
    }

    /// <summary>Leaves the innermost directory, telling why; always answers true, for <see cref="MoveNext"/>.</summary>
    private bool Leave(PosixException error)
    {
        var level = _levels[^1];
        _nameStart = _path.Cut(level.PathLength);
        Status = level.Status;
        Error = error;
        _parent = null;
        Leave();
        return true;
    }

    /// <summary>Opens a parked directory again, as the parent of the one left or by its path, and makes sure that it is the same one.</summary>
    private Errno TryResume(WalkLevel parked, WalkLevel left)
    {
        if (!left.IsParked && parked.TryResume(FileSystemCalls.TryOpenParent(left.Directory, out var above), above) == Errno.None)
            return Errno.None;
        // Someone moved the directory left: the one around it may still be where it was.
        return parked.TryResume(
            FileSystemCalls.TryOpenBeneath(_root, _path.Bytes[..parked.PathLength], ToEnter, mode: 0, out var byPath), byPath);
    }
}
