using System.Text;

namespace Sluice.Repositories.Directory;

/// <summary>A name in a directory of a bucket, with the bytes by which it sorts among keys.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="SortKey">UTF-8 of what a key gains by it: the component, with a slash for a directory of whole components.</param>
internal sealed record SortedName(string Name, bool IsDirectory, byte[] SortKey);

/// <summary>
/// Names of a directory in the byte order of keys, with memory bounded by <see cref="WindowNames"/> whatever the directory's size: each pass over the
/// directory keeps the smallest names greater than the last one given, so n names take n / window passes.
/// </summary>
internal static class SortedNames
{
    private const int WindowNames = 16_384;

    /// <summary>Enumerates; a directory that is gone is empty.</summary>
    public static IEnumerable<SortedName> Of(string path)
    {
        byte[]? last = null;
        string? lastName = null;
        while (true)
        {
            var window = NextWindow(path, last, lastName);
            foreach (var name in window) yield return name;
            if (window.Count < WindowNames) yield break;
            (last, lastName) = (window[^1].SortKey, window[^1].Name);
        }
    }

    private static List<SortedName> NextWindow(string path, byte[]? last, string? lastName)
    {
        var largestFirst = Comparer<SortedName>.Create(static (a, b) => Compare(b, a.SortKey, a.Name));
        var kept = new PriorityQueue<SortedName, SortedName>(largestFirst);
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                var name = Sortable(entry);
                if (last is not null && Compare(name, last, lastName!) <= 0) continue;
                if (kept.Count < WindowNames) kept.Enqueue(name, name);
                else kept.EnqueueDequeue(name, name);
            }
        }
        catch (DirectoryNotFoundException)
        {
        }

        var window = new List<SortedName>(kept.Count);
        while (kept.TryDequeue(out var name, out _)) window.Add(name);
        window.Reverse();
        return window;
    }

    private static SortedName Sortable(FileSystemInfo entry)
    {
        var isDirectory = entry is DirectoryInfo;
        var text = KeyPath.Decode(entry.Name);
        if (isDirectory && !entry.Name.EndsWith(KeyPath.Continued, StringComparison.Ordinal)) text += "/";
        return new SortedName(entry.Name, isDirectory, Encoding.UTF8.GetBytes(text));
    }

    private static int Compare(SortedName a, byte[] sortKey, string name)
    {
        var order = a.SortKey.AsSpan().SequenceCompareTo(sortKey);
        return order != 0 ? order : string.CompareOrdinal(a.Name, name);
    }
}
