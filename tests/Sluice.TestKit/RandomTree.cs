namespace Sluice.TestKit;

/// <summary>Random trees; the same seed and options give the same tree on every machine.</summary>
public static class RandomTree
{
    private const int BlockBytes = 4096;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Makes one.</summary>
    public static TreeBuilder Create(int seed, RandomTreeOptions? options = null)
    {
        options ??= new();
        var random = new Random(seed);
        var tree = new TreeBuilder();
        var directories = new List<TreePath> { default };
        var files = new List<TreePath>();
        var wanted = options.Full ? options.MaxEntries : random.Next(1, options.MaxEntries + 1);
        while (tree.Entries.Count < wanted)
        {
            var path = directories[random.Next(directories.Count)].Append(Name(random, options));
            if (tree.Contains(path))
                continue;
            var entry = Decorate(random, options, Entry(random, options, path, files));
            tree.Add(entry);
            if (entry.Kind == TreeEntryKind.Directory && Depth(path) < options.MaxDepth)
                directories.Add(path);
            else if (entry.Kind == TreeEntryKind.File)
                files.Add(path);
        }

        return tree;
    }

    private static int Depth(TreePath path) => path.Bytes.Count((byte)'/') + 1;

    private static TreePath Name(Random random, RandomTreeOptions options) => random.Next(10) switch
    {
        0 when options.OddNames => OddNames.Utf8[random.Next(OddNames.Utf8.Count)],
        1 when options.NamesNotUtf8 => OddNames.NotUtf8[random.Next(OddNames.NotUtf8.Count)],
        2 when options.OddNames => new string((char)('a' + random.Next(26)), random.Next(1, 256)),
        _ => $"{(char)('a' + random.Next(26))}{random.Next(100_000)}",
    };

    private static TreeEntry Entry(Random random, RandomTreeOptions options, TreePath path, List<TreePath> files)
    {
        return random.Next(20) switch
        {
            0 or 1 or 2 => new() { Kind = TreeEntryKind.Directory, Path = path },
            3 when options.Symlinks => new() { Kind = TreeEntryKind.Symlink, Path = path, Target = Target() },
            4 when options.HardLinks && files.Count > 0 =>
                new() { Kind = TreeEntryKind.HardLink, Path = path, Target = files[random.Next(files.Count)] },
            5 when options.SparseFiles => Sparse(random, options, path),
            6 when options.SpecialFiles => new() { Kind = random.Next(2) == 0 ? TreeEntryKind.Fifo : TreeEntryKind.Socket, Path = path },
            _ => new() { Kind = TreeEntryKind.File, Path = path, Size = Size(random, options), Seed = (ulong)random.NextInt64() },
        };

        TreePath Target() => files.Count > 0 && random.Next(3) > 0 ? files[^1].Name : "nowhere";
    }

    private static TreeEntry Sparse(Random random, RandomTreeOptions options, TreePath path)
    {
        var size = Size(random, options);
        var extents = new List<TreeExtent>();
        for (var offset = random.Next(4) * (long)BlockBytes; offset < size; offset += random.Next(2, 8) * (long)BlockBytes)
            extents.Add(new(offset, Math.Min(BlockBytes, size - offset)));
        return new() { Kind = TreeEntryKind.File, Path = path, Size = size, Seed = (ulong)random.NextInt64(), Extents = extents };
    }

    /// <summary>Empty one time in ten, else log-uniform up to the largest.</summary>
    private static long Size(Random random, RandomTreeOptions options) =>
        random.Next(10) == 0
            ? 0
            : (long)Math.Min(options.MaxFileBytes, Math.Exp(random.NextDouble() * Math.Log(options.MaxFileBytes + 1.0)));

    private static TreeEntry Decorate(Random random, RandomTreeOptions options, TreeEntry entry)
    {
        if (entry.Kind == TreeEntryKind.HardLink)
            return entry;
        if (options.Modes && entry.Kind is TreeEntryKind.File or TreeEntryKind.Directory && random.Next(4) == 0)
            entry = entry with { Mode = random.Next(0x1000) };
        if (options.Owners && random.Next(3) == 0)
            entry = entry with { Uid = (uint)random.Next(0, 70_000), Gid = (uint)random.Next(0, 70_000) };
        if (options.Times && random.Next(2) == 0)
        {
            // 1960 to 2050 in seconds since 1970, and any nanosecond.
            var seconds = random.NextInt64(-315_619_200, 2_524_608_000);
            entry = entry with { ModifiedNs = (seconds * NanosecondsPerSecond) + random.NextInt64(NanosecondsPerSecond) };
        }

        return entry;
    }
}
