namespace Sluice.SimulationTests.Posix;

/// <summary>A file, directory or symlink of a simulated disk. Each has one name, but for a moment in which an import gives it its own.</summary>
internal sealed class Inode(ulong number, uint mode)
{
    private const uint TypeBits = 0xF000;

    public ulong Number { get; } = number;

    /// <summary>Type and permissions.</summary>
    public uint Mode { get; set; } = mode;

    public uint Uid { get; set; }

    public uint Gid { get; set; }

    /// <summary>What is read of a file; target of a symlink.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>What its users have written into a file: what they are to read, whether it has its data or not.</summary>
    public byte[] Written { get; set; } = [];

    /// <summary>Whether a file has blocks; else it is a hole.</summary>
    public bool HasData { get; set; }

    /// <summary>Whether the guard asks before it lets somebody open the file.</summary>
    public bool IsWatched { get; set; }

    public long MtimeNs { get; set; }

    public long CtimeNs { get; set; }

    public long AtimeNs { get; set; }

    /// <summary>Whether somebody asked for the times since they last changed: the next change then gets a time of its own where the kernel can.</summary>
    public bool IsTimeSeen { get; set; }

    /// <summary>Users who have it open for writing.</summary>
    public int Writers { get; set; }

    /// <summary>How many have it open for reading.</summary>
    public int Readers { get; set; }

    /// <summary>Whose lease keeps writers off; null for nobody's.</summary>
    public ProcessCalls? Lease { get; set; }

    /// <summary>Whether the lease keeps readers off too.</summary>
    public bool IsLeaseExclusive { get; set; }

    public Dictionary<string, byte[]> Attributes { get; } = [];

    /// <summary>A directory's entries, in the order in which they are read.</summary>
    public SortedList<long, (string Name, Inode Inode)> Entries { get; } = [];

    public Inode? Parent { get; set; }

    public string Name { get; set; } = "";

    public bool IsDirectory => (Mode & TypeBits) == SimulatedDisk.DirectoryType;

    public bool IsFile => (Mode & TypeBits) == SimulatedDisk.FileType;

    public bool IsSymlink => (Mode & TypeBits) == SimulatedDisk.SymlinkType;

    /// <summary>Its names.</summary>
    public int LinkCount => Parent?.Entries.Values.Count(entry => entry.Inode == this) ?? (IsDirectory ? 1 : 0);

    /// <summary>Path from the disk's root, without a slash at either end.</summary>
    public string Path => Parent is null ? "" : Parent.Path.Length == 0 ? Name : $"{Parent.Path}/{Name}";

    /// <summary>Whether a lease has somebody wait who opens it.</summary>
    public bool IsHeldFrom(bool isWriter) => Lease is { IsAlive: true } && (isWriter || IsLeaseExclusive);

    /// <summary>Whether who opens it now, and is not asked about, reads what was written.</summary>
    public bool IsRight => Content.AsSpan().SequenceEqual(Written);

    public Inode? Find(string name)
    {
        foreach (var (entryName, inode) in Entries.Values)
        {
            if (entryName == name) return inode;
        }

        return null;
    }

    /// <summary>This one and everything beneath it.</summary>
    public IEnumerable<Inode> All() => [this, .. Entries.Values.SelectMany(entry => entry.Inode.All())];
}
