using System.Text;

namespace Sluice.Engine.Scanning;

/// <summary>A contiguous part of a bucket's keys, listed by one stream, and the directories on its way: keys beneath a directory are contiguous, so what the
/// listing has left will not come again.</summary>
internal sealed class KeyRange
{
    // A listing goes on behind a key; behind "a." with this there is hardly anything that is not beneath "a/".
    private const string BeforeSlash = ".\uFFFD";

    private readonly ImportDirectories _directories;
    private readonly List<ImportDirectory> _stack;
    private readonly int _shared;

    private KeyRange(ImportDirectories directories, ImportStart start, ImportPath paths, List<ImportDirectory> stack, byte[]? first)
    {
        (_directories, Start, Paths, _stack, _shared, First) = (directories, start, paths, stack, stack.Count, first);
        ListAfter = first is null ? null : Encoding.UTF8.GetString(first)[..^1] + BeforeSlash;
    }

    /// <summary>Which keys the task takes.</summary>
    public ImportStart Start { get; }

    /// <summary>Their paths.</summary>
    public ImportPath Paths { get; }

    /// <summary>The first key that may belong to it; null for the first of <see cref="Start"/>.</summary>
    public byte[]? First { get; }

    /// <summary>The first key that does not belong to it any more; null for all to the end.</summary>
    public byte[]? End { get; set; }

    /// <summary>Where the listing begins; null for the first key.</summary>
    public string? ListAfter { get; }

    /// <summary>The directories the listing stands in, outermost first.</summary>
    public IReadOnlyList<ImportDirectory> Directories => _stack;

    /// <summary>All keys of a start.</summary>
    public static KeyRange Of(ImportDirectories directories, ImportStart start, ImportPath paths)
    {
        var path = paths.Of(Encoding.UTF8.GetBytes(start.Prefix), out _);
        return new KeyRange(directories, start, paths, [directories.Permanent(path)], first: null);
    }

    /// <summary>The part from <paramref name="first"/> on, which is beneath the directory at <paramref name="level"/>.</summary>
    public KeyRange From(byte[] first, int level)
    {
        var shared = _stack[..(level + 1)];
        foreach (var directory in shared.Where(directory => !directory.IsPermanent)) directory.AddReference();
        return new KeyRange(_directories, Start, Paths, shared, first) { End = End };
    }

    /// <summary>Goes to a directory, leaving those that do not lead to it.</summary>
    public ImportDirectory Enter(ReadOnlySpan<byte> path, bool hasObject)
    {
        while (_stack.Count > _shared && !Contains(_stack[^1].Path, path)) Leave();
        for (var current = _stack[^1]; current.Path.Length < path.Length; current = _stack[^1])
        {
            var start = current.Path.Length == 0 ? 0 : current.Path.Length + 1;
            var slash = path[start..].IndexOf((byte)'/');
            var next = slash < 0 ? path.Length : start + slash;
            _stack.Add(_directories.Enter(current, path[..next].ToArray(), hasObject && next == path.Length));
        }

        if (hasObject) _stack[^1].HasObject = true;
        return _stack[^1];
    }

    /// <summary>Leaves all directories: the listing is at its end.</summary>
    public void Close()
    {
        while (_stack.Count > 0) Leave();
    }

    private void Leave()
    {
        if (!_stack[^1].IsPermanent) _stack[^1].Release();
        _stack.RemoveAt(_stack.Count - 1);
    }

    private static bool Contains(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> path) =>
        path.StartsWith(directory) && (directory.IsEmpty || path.Length == directory.Length || path[directory.Length] == (byte)'/');
}
