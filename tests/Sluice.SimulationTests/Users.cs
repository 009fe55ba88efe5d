using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>The users of the disks: they fill them before the first task, and change files while tasks run. Of what is imported they only read.</summary>
internal sealed class Users
{
    private const int Reading = 11;

    private readonly World _world;
    private readonly IReadOnlyList<LinkedDisk> _links;
    private readonly IReadOnlyList<BucketWriter> _writers;
    private readonly Func<SimulatedProcess?> _process;
    private readonly List<Access> _accesses = [];
    private readonly TimeSpan _longestWait;
    private int _names;
    private int _actions;
    private long _points;
    private long _next;

    /// <param name="world">The world.</param>
    /// <param name="links">Where they are.</param>
    /// <param name="writers">Who else writes into buckets.</param>
    /// <param name="actions">How often one of them does something.</param>
    /// <param name="longestWait">How long somebody whom the guard has let through may be in coming.</param>
    /// <param name="process">The process that lives; null for none.</param>
    public Users(World world, IReadOnlyList<LinkedDisk> links, IReadOnlyList<BucketWriter> writers, int actions, TimeSpan longestWait, Func<SimulatedProcess?> process)
    {
        (_world, _links, _writers, _actions, _longestWait, _process) = (world, links, writers, actions, longestWait, process);
        foreach (var link in links.Where(link => !link.IsImported)) Fill(link.Disk);
        _next = Chance.Spread(10, 2_000);
    }

    private Chance Chance => _world.Chance;

    /// <summary>Paths of a task that does not export everything.</summary>
    public IEnumerable<string> SomePaths(SimulatedDisk disk) =>
        disk.Root.Entries.Values.Where(_ => Chance.Roll(0.5)).Select(entry => "/" + entry.Name).DefaultIfEmpty("/");

    /// <summary>One of them may act here.</summary>
    public void AtPoint()
    {
        if (++_points < _next || _actions <= 0) return;
        _actions--;
        _next = _points + Chance.Spread(1, 1_000);
        var place = Chance.Below(_links.Count + _writers.Count);
        if (place < _links.Count) Act(_links[place]);
        else _writers[place - _links.Count].Act();
    }

    /// <summary>Whether nobody waits for a file's data.</summary>
    public bool AreAllServed => _accesses.TrueForAll(access => access.IsDone);

    /// <summary>Somebody opens a file.</summary>
    public void Open(LinkedDisk link, Inode file, bool isWriter, Action then) => Begin(new Opening(_world, link, file, isWriter, then));

    /// <summary>They leave the files alone from now on.</summary>
    public void Stop() => _actions = 0;

    private void Begin(Access access)
    {
        _accesses.RemoveAll(earlier => earlier.IsDone);
        _accesses.Add(access);
        access.Try(_process);
    }

    private void Fill(SimulatedDisk disk)
    {
        List<Inode> directories = [disk.Root];
        for (var count = Chance.Between(0, 2); count > 0; count--)
            directories.Add(disk.Add(Chance.Pick([.. directories]), $"d{count}", SimulatedDisk.DirectoryType | 0x1ED, []));
        for (var count = Chance.Between(2, 8); count > 0; count--) AddFile(disk, Chance.Pick([.. directories]), $"f{count}");
        if (Chance.Roll(0.3)) disk.Add(disk.Root, "link", SimulatedDisk.SymlinkType | 0x1FF, "f1"u8.ToArray());
        _world.Spend(Chance.Spread(1, 3_000_000_000));
    }

    private void AddFile(SimulatedDisk disk, Inode parent, string name) =>
        disk.Add(parent, name, SimulatedDisk.FileType | 0x1A4, Content());

    /// <summary>Empty, small, or of two to six parts.</summary>
    private byte[] Content() => Chance.Bytes(Chance.Roll(0.1) ? 0 : Chance.Roll(0.6) ? Chance.Between(1, SimulationState.ThresholdBytes) : Chance.Between(65, 190));

    private void Act(LinkedDisk link)
    {
        var disk = link.Disk;
        var files = disk.Inodes.Where(inode => inode.IsFile && !LinkedDisk.IsTemporary(inode)).ToArray();
        if (files.Length == 0) return;
        var file = files[Chance.Below(files.Length)];
        if (file.IsWatched && !link.IsImported && Chance.Roll(0.5))
        {
            Cut(link, file);
            return;
        }

        var action = link.IsImported ? Reading : Chance.Below(12);
        _world.Note("user", file.Path, action);
        switch (action)
        {
            case 0:
                Open(link, file, isWriter: true, () => disk.SetContent(file, Content()));
                break;
            case 1:
                Open(link, file, isWriter: true, () => disk.SetContent(file, [.. file.Content, .. Chance.Bytes(Chance.Between(1, 40))]));
                break;
            case 2:
                // The same length: only times tell.
                Open(link, file, isWriter: true, () => disk.SetContent(file, Chance.Bytes(file.Content.Length)));
                break;
            case 3:
                disk.SetMode(file, Chance.Pick(0x1A4U, 0x180U, 0x1FFU));
                break;
            case 4:
                // Where its object is follows a file without its data only with the next export; until then another may take its key.
                if (!file.IsWatched) disk.Rename(file, $"r{++_names}");
                break;
            case 5:
                disk.Replace(file, Content());
                break;
            case 6:
                disk.Unlink(file);
                break;
            case 7:
                AddFile(disk, file.Parent!, $"n{++_names}");
                break;
            case 8:
                Open(link, file, isWriter: true, () => Forge(disk, file));
                break;
            case 9:
                Cut(link, file);
                break;
            default:
                Open(link, file, isWriter: false, static () => { });
                break;
        }
    }

    private void Cut(LinkedDisk link, Inode file)
    {
        _world.Note("user cuts", file.Path);
        Begin(new PathCut(_world, link, file, Chance.Between(0, file.Content.Length * 3 / 2), _longestWait));
    }

    /// <summary>Another content with the old modification time. Not at the very moment at which a record was written: that alone the ledger can't see.</summary>
    private void Forge(SimulatedDisk disk, Inode file)
    {
        if (_world.NowNs - file.CtimeNs < 2 * SimulatedDisk.GranularityNs) return;
        var mtime = file.MtimeNs;
        disk.SetContent(file, Chance.Bytes(file.Content.Length));
        disk.SetMtime(file, mtime);
    }
}
