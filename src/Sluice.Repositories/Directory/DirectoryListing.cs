namespace Sluice.Repositories.Directory;

/// <summary>Lists a bucket's files in the byte order of their keys, skipping directories that can hold nothing that was asked for.</summary>
/// <param name="prefix">Bytes every key begins with.</param>
/// <param name="startAfter">Only keys greater than this; null for all.</param>
internal sealed class DirectoryListing(byte[] prefix, byte[]? startAfter)
{
    /// <summary>Files under <paramref name="path"/>, whose keys begin with <paramref name="start"/>. The continuations of long names sort among
    /// the names themselves, so they are merged in.</summary>
    public IEnumerable<(string File, byte[] Key)> Under(string path, byte[] start)
    {
        var sorted = Once(Whole(path, start));
        foreach (var name in Continued(path)) sorted = Merge(sorted, Under(Path.Combine(path, name.Name), [.. start, .. name.SortKey]), static item => item.Key);
        return sorted;
    }

    /// <summary>Beginnings of keys that are directories under <paramref name="path"/>, whose keys begin with <paramref name="start"/>.</summary>
    public IEnumerable<byte[]> Directories(string path, byte[] start)
    {
        var sorted = SortedNames.Of(path)
            .Where(name => name.IsDirectory && !IsContinued(name.Name))
            .Select(name => (Child: Path.Combine(path, name.Name), Key: (byte[])[.. start, .. name.SortKey]))
            .Where(item => MayHold(item.Key) && HoldsFile(item.Child))
            .Select(item => item.Key);
        foreach (var name in Continued(path))
            sorted = Merge(sorted, Directories(Path.Combine(path, name.Name), [.. start, .. name.SortKey]), static key => key);
        return sorted;
    }

    // A delete that died leaves empty directories.
    private static bool HoldsFile(string path) => new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Any();

    /// <summary>A crash may leave an object under both of its names; the plain one is the newer, and sorts first.</summary>
    private static IEnumerable<(string File, byte[] Key)> Once(IEnumerable<(string File, byte[] Key)> items)
    {
        byte[]? last = null;
        foreach (var item in items)
        {
            if (last is not null && item.Key.AsSpan().SequenceEqual(last)) continue;
            last = item.Key;
            yield return item;
        }
    }

    private IEnumerable<(string File, byte[] Key)> Whole(string path, byte[] start)
    {
        foreach (var name in SortedNames.Of(path))
        {
            byte[] key = [.. start, .. name.SortKey];
            var child = Path.Combine(path, name.Name);
            if (!name.IsDirectory)
            {
                if (key.AsSpan().StartsWith(prefix) && IsAfterStart(key)) yield return (child, key);
            }
            else if (!IsContinued(name.Name) && MayHold(key))
            {
                foreach (var item in Under(child, key)) yield return item;
            }
        }
    }

    private static IEnumerable<SortedName> Continued(string path) =>
        !System.IO.Directory.Exists(path) || !new DirectoryInfo(path).EnumerateDirectories("*" + KeyPath.Continued).Any()
            ? []
            : SortedNames.Of(path).Where(name => name.IsDirectory && IsContinued(name.Name));

    private static IEnumerable<T> Merge<T>(IEnumerable<T> first, IEnumerable<T> second, Func<T, byte[]> keyOf)
    {
        using var a = first.GetEnumerator();
        using var b = second.GetEnumerator();
        var (hasA, hasB) = (a.MoveNext(), b.MoveNext());
        while (hasA || hasB)
        {
            if (hasA && (!hasB || keyOf(a.Current).AsSpan().SequenceCompareTo(keyOf(b.Current)) <= 0))
            {
                yield return a.Current;
                hasA = a.MoveNext();
            }
            else
            {
                yield return b.Current;
                hasB = b.MoveNext();
            }
        }
    }

    private static bool IsContinued(string name) => name.EndsWith(KeyPath.Continued, StringComparison.Ordinal);

    private bool IsAfterStart(byte[] key) => startAfter is null || key.AsSpan().SequenceCompareTo(startAfter) > 0;

    private bool MayHold(byte[] key) =>
        (key.AsSpan().StartsWith(prefix) || prefix.AsSpan().StartsWith(key))
        && (startAfter is null || key.AsSpan().SequenceCompareTo(startAfter) > 0 || startAfter.AsSpan().StartsWith(key));
}
