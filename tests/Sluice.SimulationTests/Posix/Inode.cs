namespace Sluice.SimulationTests.Posix;

/// <summary>A file, directory or symlink of a simulated disk. Each has one name.</summary>
internal sealed class Inode(ulong number, uint mode)
{
    private const uint TypeBits = 0xF000;

    public ulong Number { get; } = number;

    /// <summary>Type and permissions.</summary>
    public uint Mode { get; set; } = mode;

    public uint Uid { get; set; }

    public uint Gid { get; set; }

    /// <summary>Content of a file, target of a symlink.</summary>
    public byte[] Content { get; set; } = [];

    public long MtimeNs { get; set; }

    public long CtimeNs { get; set; }

    public long AtimeNs { get; set; }

    /// <summary>Whether somebody asked for the times since they last changed: the next change then gets a time of its own where the kernel can.</summary>
    public bool IsTimeSeen { get; set; }

    /// <summary>Users who have it open for writing.</summary>
    public int Writers { get; set; }

    /// <summary>Whose lease keeps writers off; null for nobody's.</summary>
    public ProcessCalls? Lease { get; set; }

    public Dictionary<string, byte[]> Attributes { get; } = [];

    /// <summary>A directory's entries, in the order in which they are read.</summary>
    public SortedList<long, (string Name, Inode Inode)> Entries { get; } = [];

    public Inode? Parent { get; set; }

    public string Name { get; set; } = "";

    public bool IsDirectory => (Mode & TypeBits) == SimulatedDisk.DirectoryType;

    public bool IsFile => (Mode & TypeBits) == SimulatedDisk.FileType;

    public bool IsSymlink => (Mode & TypeBits) == SimulatedDisk.SymlinkType;

    /// <summary>Path from the disk's root, without a slash at either end.</summary>
    public string Path => Parent is null ? "" : Parent.Path.Length == 0 ? Name : $"{Parent.Path}/{Name}";

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
