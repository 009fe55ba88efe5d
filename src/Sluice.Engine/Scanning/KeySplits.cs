using System.Text;

namespace Sluice.Engine.Scanning;

/// <summary>Cuts what is left of a range of keys into parts, where directories begin.</summary>
internal static class KeySplits
{
    private const int PrefixesLookedAt = 256;

    // Levels of directories that are asked for, outermost first: each is a request.
    private const int LevelsTried = 4;

    /// <summary>Cuts off up to <paramref name="wanted"/> parts behind <paramref name="position"/>; none where everything is in one directory, or flat.</summary>
    public static async Task<IReadOnlyList<KeyRange>> FindAsync(KeyRange range, string position, int wanted, CancellationToken cancellationToken)
    {
        var here = Encoding.UTF8.GetBytes(position);
        for (var level = 0; level < Math.Min(LevelsTried, range.Directories.Count); level++)
        {
            var prefix = Prefix(range, level);
            if (prefix is null) continue;
            var later = await LaterAsync(range, prefix, position, here, cancellationToken);
            if (later.Count == 0) continue;
            var parts = Math.Min(wanted, later.Count);
            var cuts = Enumerable.Range(0, parts).Select(part => later[later.Count * part / parts]).ToList();
            var made = new List<KeyRange>();
            for (var cut = cuts.Count - 1; cut >= 0; cut--)
            {
                made.Insert(0, range.From(cuts[cut], level));
                range.End = cuts[cut];
            }

            return made;
        }

        return [];
    }

    private static async Task<List<byte[]>> LaterAsync(KeyRange range, string prefix, string position, byte[] here, CancellationToken cancellationToken)
    {
        var later = new List<byte[]>();
        await foreach (var beginning in range.Start.Link.Repository.ListPrefixesAsync(prefix, position, cancellationToken).Take(PrefixesLookedAt))
        {
            var bytes = Encoding.UTF8.GetBytes(beginning);
            if (range.End is { } end && bytes.AsSpan().SequenceCompareTo(end) >= 0) break;
            if (bytes.AsSpan().SequenceCompareTo(here) > 0) later.Add(bytes);
        }

        return later;
    }

    /// <summary>What keys beneath a directory begin with; null where it is above what the task takes.</summary>
    private static string? Prefix(KeyRange range, int level)
    {
        if (level == 0) return range.Start.Prefix;
        var path = range.Directories[level].Path;
        var outermost = range.Directories[0].Path;
        return range.Start.Prefix + Encoding.UTF8.GetString(path.AsSpan(outermost.Length == 0 ? 0 : outermost.Length + 1)) + "/";
    }
}
