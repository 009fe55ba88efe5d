namespace Sluice.Scenarios.Trees;

/// <summary>A tree of files to be made.</summary>
internal abstract record FileTree
{
    /// <summary>How many files.</summary>
    public abstract int Files { get; }

    /// <summary>All bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>What it is, in words.</summary>
    public abstract string Title { get; }

    /// <summary>Room the S3 server needs: data, and a good KiB for each object's own record.</summary>
    public long StoreBytes => (Bytes * 5 / 4) + (Files * 12_288L) + (1L << 30);

    /// <summary>What is counted when it is copied.</summary>
    public RunUnit Unit => Files == 1 ? RunUnit.Bytes(Bytes) : RunUnit.Files(Files);

    /// <summary>Makes the tree of random bytes, which nothing on the way can compress.</summary>
    public abstract void MakeIn(string directory);

    /// <summary>The files of a tree that was made, by their names in it, with their sizes.</summary>
    public static IEnumerable<(string Name, long Bytes)> FilesIn(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(directory, file.FullName), file.Length));
}
