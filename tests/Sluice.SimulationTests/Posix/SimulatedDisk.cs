using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Posix;

/// <summary>
/// A file system that outlives the processes which use it, and what its users do to it. Changes bear the kernel's coarse time; where
/// <paramref name="isMultigrain"/>, a time that somebody has seen is followed by a finer one (Linux 6.13 and later), else two changes within
/// <see cref="GranularityNs"/> bear the same.
/// </summary>
internal sealed class SimulatedDisk(World world, uint device, bool isMultigrain)
{
    public const uint FileType = 0x8000;
    public const uint DirectoryType = 0x4000;
    public const uint SymlinkType = 0xA000;
    public const long GranularityNs = 4_000_000;

    private ulong _inodes = 1;
    private long _entries = 1;

    public uint Device { get; } = device;

    /// <summary>Whether it knows files without a name (O_TMPFILE).</summary>
    public bool HasNameless { get; init; } = true;

    public string RootPath { get; } = $"/disk-{device}";

    public Inode Root { get; } = new(1, DirectoryType | 0x1ED) { CtimeNs = world.NowNs, MtimeNs = world.NowNs };

    /// <summary>The time of the kernel's coarse clock.</summary>
    public static long CoarseNs(long ns) => ns / GranularityNs * GranularityNs;

    /// <summary>Every content a file ever had, by checksum: only such may become objects.</summary>
    public HashSet<ulong> Contents { get; } = [Repositories.Checksums.Crc64Nvme.Hash([])];

    public IEnumerable<Inode> Inodes => Root.All();

    public Inode Add(Inode parent, string name, uint mode, byte[] content)
    {
        var inode = new Inode(++_inodes, mode) { Parent = parent, Name = name, Uid = (uint)world.Chance.Below(3), Gid = 100, AtimeNs = world.NowNs };
        parent.Entries.Add(_entries++, (name, inode));
        TouchContent(parent);
        SetContent(inode, content);
        return inode;
    }

    /// <summary>Something that a process makes.</summary>
    /// <param name="parent">Where.</param>
    /// <param name="name">Its name; null for a file that has none yet.</param>
    /// <param name="mode">Type and permissions.</param>
    /// <param name="content">Target of a symlink.</param>
    public Inode Make(Inode parent, string? name, uint mode, byte[] content)
    {
        var inode = new Inode(++_inodes, mode) { Content = content, Written = content, AtimeNs = world.NowNs };
        TouchContent(inode);
        if (name is not null) Link(inode, parent, name);
        return inode;
    }

    /// <summary>Gives a file a name; the one it had is another from now on.</summary>
    public void Link(Inode inode, Inode parent, string name)
    {
        (inode.Parent, inode.Name) = (parent, name);
        parent.Entries.Add(_entries++, (name, inode));
        Touch(inode);
        TouchContent(parent);
    }

    /// <summary>Puts an entry in the place of another of the same directory.</summary>
    public void Move(Inode inode, string name)
    {
        var parent = inode.Parent!;
        if (parent.Find(name) is { } there) Unlink(there);
        Unlink(inode);
        Link(inode, parent, name);
    }

    /// <summary>Makes a file as long, with a hole where nothing was.</summary>
    public void SetLength(Inode inode, int length)
    {
        inode.Content = [.. inode.Content.Take(length), .. new byte[Math.Max(0, length - inode.Content.Length)]];
        TouchContent(inode);
    }

    public void SetOwner(Inode inode, uint uid, uint gid)
    {
        (inode.Uid, inode.Gid) = (uid, gid);
        Touch(inode);
    }

    public void SetContent(Inode inode, byte[] content)
    {
        inode.Content = inode.Written = content;
        inode.HasData = content.Length > 0;
        Contents.Add(Repositories.Checksums.Crc64Nvme.Hash(content));
        TouchContent(inode);
    }

    /// <summary>Takes a file's data away, but not its size.</summary>
    public void Punch(Inode inode)
    {
        inode.Content = new byte[inode.Content.Length];
        inode.HasData = false;
        TouchContent(inode);
    }

    /// <summary>Writes into a file past the guard.</summary>
    public void Write(Inode inode, ReadOnlySpan<byte> bytes, int offset)
    {
        var content = new byte[Math.Max(inode.Content.Length, offset + bytes.Length)];
        inode.Content.CopyTo(content, 0);
        bytes.CopyTo(content.AsSpan(offset));
        inode.Content = content;
        inode.HasData = true;
        TouchContent(inode);
    }

    public void SetMode(Inode inode, uint permissions)
    {
        inode.Mode = (inode.Mode & ~0xFFFU) | permissions;
        Touch(inode);
    }

    /// <summary>Sets a file's modification time, as cp -p and tar do.</summary>
    public void SetMtime(Inode inode, long ns)
    {
        inode.MtimeNs = ns;
        Touch(inode);
    }

    public void SetTimes(Inode inode, long atimeNs, long mtimeNs)
    {
        (inode.AtimeNs, inode.MtimeNs) = (atimeNs, mtimeNs);
        Touch(inode);
    }

    public void Rename(Inode inode, string name)
    {
        if (inode.Parent!.Find(name) is null) Move(inode, name);
    }

    /// <summary>Puts a file in the place of another, as editors do.</summary>
    public void Replace(Inode old, byte[] content)
    {
        var parent = old.Parent!;
        var place = parent.Entries.First(entry => entry.Value.Inode == old).Key;
        var inode = new Inode(++_inodes, old.Mode) { Parent = parent, Name = old.Name, Uid = old.Uid, Gid = old.Gid, AtimeNs = world.NowNs };
        SetContent(inode, content);
        parent.Entries[place] = (old.Name, inode);
        old.Parent = null;
        TouchContent(parent);
    }

    public void Unlink(Inode inode) => Unlink(inode.Parent!, inode.Name);

    public void Unlink(Inode parent, string name)
    {
        var (place, (_, inode)) = parent.Entries.First(entry => entry.Value.Name == name);
        parent.Entries.Remove(place);
        if (inode.Parent == parent && inode.Name == name) inode.Parent = null;
        Touch(inode);
        TouchContent(parent);
    }

    public void SetAttribute(Inode inode, string name, byte[] value)
    {
        inode.Attributes[name] = value;
        Touch(inode);
    }

    public void RemoveAttribute(Inode inode, string name)
    {
        if (inode.Attributes.Remove(name)) Touch(inode);
    }

    private void TouchContent(Inode inode)
    {
        Touch(inode);
        inode.MtimeNs = inode.CtimeNs;
    }

    private void Touch(Inode inode)
    {
        inode.CtimeNs = isMultigrain && inode.IsTimeSeen ? world.NowNs : Math.Max(inode.CtimeNs, CoarseNs(world.NowNs));
        inode.IsTimeSeen = false;
    }
}
