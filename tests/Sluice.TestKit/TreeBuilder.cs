namespace Sluice.TestKit;

/// <summary>
/// A tree of files as a value: written down, looked at (<see cref="Entries"/>), and made in a directory as often as wanted. Parents that
/// are not named are made with mode 0755. <see cref="RandomTree"/> makes random ones.
/// </summary>
public sealed class TreeBuilder
{
    private readonly List<TreeEntry> _entries = [];
    private readonly Dictionary<TreePath, TreeEntry> _byPath = [];

    /// <summary>All entries in the order they were added, a parent always before its children.</summary>
    public IReadOnlyList<TreeEntry> Entries => _entries;

    /// <summary>The entries that are files of their own or second names of one.</summary>
    public IEnumerable<TreeEntry> Files => _entries.Where(entry => entry.Kind is TreeEntryKind.File or TreeEntryKind.HardLink);

    /// <summary>The entry at a path.</summary>
    public TreeEntry Entry(TreePath path) =>
        _byPath.TryGetValue(path, out var entry) ? entry : throw new KeyNotFoundException($"The tree has no {path}.");

    /// <summary>True when the tree has something at this path.</summary>
    public bool Contains(TreePath path) => _byPath.ContainsKey(path);

    /// <summary>Adds a directory.</summary>
    public TreeBuilder Directory(TreePath path, int? mode = null, uint? uid = null, uint? gid = null, long? modifiedNs = null) =>
        Add(new() { Kind = TreeEntryKind.Directory, Path = path, Mode = mode, Uid = uid, Gid = gid, ModifiedNs = modifiedNs });

    /// <summary>Adds a file of <paramref name="size"/> bytes made from <paramref name="seed"/>.</summary>
    public TreeBuilder File(
        TreePath path, long size = 0, ulong seed = 0, int? mode = null, uint? uid = null, uint? gid = null, long? modifiedNs = null) =>
        Add(new()
        {
            Kind = TreeEntryKind.File,
            Path = path,
            Size = size,
            Seed = seed,
            Mode = mode,
            Uid = uid,
            Gid = gid,
            ModifiedNs = modifiedNs,
        });

    /// <summary>Adds a file that holds a text in UTF-8.</summary>
    public TreeBuilder Text(TreePath path, string content, int? mode = null, long? modifiedNs = null)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(content);
        return Add(new()
        {
            Kind = TreeEntryKind.File,
            Path = path,
            Size = bytes.Length,
            Literal = bytes,
            Mode = mode,
            ModifiedNs = modifiedNs,
        });
    }

    /// <summary>Adds a file with holes: only the extents hold data.</summary>
    public TreeBuilder Sparse(TreePath path, long size, ulong seed, params IReadOnlyList<TreeExtent> extents) =>
        Add(new() { Kind = TreeEntryKind.File, Path = path, Size = size, Seed = seed, Extents = extents });

    /// <summary>Adds a symbolic link that holds <paramref name="target"/>, which need not exist.</summary>
    public TreeBuilder Symlink(TreePath path, TreePath target, long? modifiedNs = null) =>
        Add(new() { Kind = TreeEntryKind.Symlink, Path = path, Target = target, ModifiedNs = modifiedNs });

    /// <summary>Adds a second name for the file at <paramref name="existing"/> (relative to the tree's root).</summary>
    public TreeBuilder HardLink(TreePath path, TreePath existing)
    {
        if (Entry(existing).Kind is TreeEntryKind.Directory)
            throw new ArgumentException($"{existing} is a directory and can't have a second name.", nameof(existing));
        return Add(new() { Kind = TreeEntryKind.HardLink, Path = path, Target = existing });
    }

    /// <summary>Adds a named pipe.</summary>
    public TreeBuilder Fifo(TreePath path) => Add(new() { Kind = TreeEntryKind.Fifo, Path = path });

    /// <summary>Adds a socket's node.</summary>
    public TreeBuilder Socket(TreePath path) => Add(new() { Kind = TreeEntryKind.Socket, Path = path });

    /// <summary>Adds any entry, with the parents it lacks.</summary>
    public TreeBuilder Add(TreeEntry entry)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(entry.Size);
        if (entry.Path.IsEmpty || entry.Path.Bytes[0] == (byte)'/')
            throw new ArgumentException($"The path {entry.Path} must be relative and not empty.", nameof(entry));
        var parent = entry.Path.Parent;
        if (!parent.IsEmpty && !Contains(parent))
            Directory(parent);
        else if (!parent.IsEmpty && Entry(parent).Kind != TreeEntryKind.Directory)
            throw new ArgumentException($"{parent} is no directory, so {entry.Path} can't be in it.", nameof(entry));
        if (!_byPath.TryAdd(entry.Path, entry))
            throw new ArgumentException($"The tree has {entry.Path} already.", nameof(entry));
        _entries.Add(entry);
        return this;
    }

    /// <summary>The content of the file or hard link at a path.</summary>
    public byte[] ContentOf(TreePath path)
    {
        var entry = Entry(path);
        while (entry.Kind == TreeEntryKind.HardLink)
            entry = Entry(entry.Target);
        return entry.Content();
    }

    /// <summary>Makes the tree in an existing directory. Nothing that is there already is overwritten.</summary>
    public void MakeIn(string root)
    {
        foreach (var entry in _entries)
            TreeMaker.Create(root, entry);
        // Children change their directory's times, and a read-only directory takes no children: from the leaves upwards.
        foreach (var entry in Enumerable.Reverse(_entries))
            TreeMaker.SetAttributes(root, entry);
    }
}
