using System.Text;

namespace Sluice.Posix;

/// <summary>
/// Walks a tree depth-first: each entry before its children. Never follows a symlink, never leaves the root or its mount, holds no
/// directory in memory. Entries made or removed meanwhile may be seen or not.
/// <code>
/// yield the start entry; enter it if it is a directory
/// each directory on the stack: next name → statx → yield → enter
/// </code>
/// One descriptor and one read buffer of 32 KiB per level; deeper than <see cref="MaxOpenDirectories"/> levels is an error of that directory.
/// </summary>
public sealed class TreeWalk : IDisposable
{
    private const int MaxOpenDirectories = 4096;

    private readonly Fd _root;
    private readonly List<Level> _levels = [];
    private readonly byte[] _start;
    private byte[] _path;
    private int _length;
    private Fd? _startParent;
    private bool _isStarted;
    private bool _mayEnter;

    /// <summary>Prepares a walk beneath <paramref name="root"/> from <paramref name="startPath"/>, relative to it; empty for the root itself.</summary>
    public TreeWalk(Fd root, ReadOnlySpan<byte> startPath)
    {
        _root = root;
        _start = startPath.ToArray();
        _path = new byte[Math.Max(4096, _start.Length)];
    }

    /// <summary>Path of the current entry, relative to the root; valid until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Path => _path.AsSpan(0, _length);

    /// <summary>Its last component, as <see cref="Parent"/> knows it.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            if (_length == 0) return "."u8;
            var slash = Path.LastIndexOf((byte)'/');
            return Path[(slash + 1)..];
        }
    }

    /// <summary>The open directory that holds it.</summary>
    public Fd Parent => _levels.Count == 0 ? _startParent! : _levels[^1].Directory;

    /// <summary>Its status; meaningless when <see cref="Error"/> is set.</summary>
    public FileStatus Status { get; private set; }

    /// <summary>Why the current entry can't be looked at, or a directory not be read; null normally. Entries that vanished are left out instead.</summary>
    public PosixException? Error { get; private set; }

    /// <summary>Goes on to the next entry; false at the end.</summary>
    /// <exception cref="PosixException">The start path can't be reached.</exception>
    public bool MoveNext()
    {
        Error = null;
        if (!_isStarted) return Start();
        if (_mayEnter)
        {
            _mayEnter = false;
            if (!TryEnter()) return true;
        }

        while (_levels.Count > 0)
        {
            var level = _levels[^1];
            _length = level.PathLength;
            try
            {
                if (!level.Entries.MoveNext())
                {
                    Leave();
                    continue;
                }
            }
            catch (PosixException e)
            {
                Leave();
                _length = level.PathLength;
                Error = e;
                return true;
            }

            Append(level.Entries.Name);
            if (Look()) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_levels.Count > 0) Leave();
        _startParent?.Dispose();
    }

    private bool Start()
    {
        _isStarted = true;
        _start.CopyTo(_path, 0);
        _length = _start.Length;
        var slash = Path.LastIndexOf((byte)'/');
        _startParent = FileSystemCalls.OpenBeneath(_root, slash < 0 ? [] : Path[..slash], OpenFlags.Directory);
        Status = FileSystemCalls.StatusAt(_startParent, Name);
        _mayEnter = Status.Kind == FileKind.Directory;
        return true;
    }

    private bool Look()
    {
        try
        {
            Status = FileSystemCalls.StatusAt(Parent, Name);
            _mayEnter = Status.Kind == FileKind.Directory;
            return true;
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }
        catch (PosixException e)
        {
            Error = e;
            return true;
        }
    }

    /// <returns>False when there is an error to show.</returns>
    private bool TryEnter()
    {
        try
        {
            if (_levels.Count >= MaxOpenDirectories) throw new PosixException(Errno.ENAMETOOLONG, "enter", Encoding.UTF8.GetString(Path));
            var directory = FileSystemCalls.OpenBeneath(Parent, Name, OpenFlags.Directory | OpenFlags.NoFollow);
            _levels.Add(new Level(directory, new DirectoryReader(directory), _length));
            return true;
        }
        catch (PosixException e) when (e.Errno is Errno.ENOENT or Errno.EXDEV or Errno.ENOTDIR or Errno.ELOOP)
        {
            // Gone, another mount, or replaced by something that is no directory: there is nothing beneath it that is ours.
            return true;
        }
        catch (PosixException e)
        {
            Error = e;
            return false;
        }
    }

    private void Leave()
    {
        var level = _levels[^1];
        _levels.RemoveAt(_levels.Count - 1);
        level.Entries.Dispose();
        level.Directory.Dispose();
    }

    private void Append(ReadOnlySpan<byte> name)
    {
        var needed = _length + 1 + name.Length;
        if (needed > _path.Length) Array.Resize(ref _path, needed * 2);
        if (_length > 0) _path[_length++] = (byte)'/';
        name.CopyTo(_path.AsSpan(_length));
        _length += name.Length;
    }

    private sealed record Level(Fd Directory, DirectoryReader Entries, int PathLength);
}
