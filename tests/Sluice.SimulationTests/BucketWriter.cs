using System.Text;
using Sluice.Core.Files;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>Somebody else who writes into a bucket that is imported: before the first task, and while tasks run.</summary>
internal sealed class BucketWriter
{
    /// <summary>What makes a key no path.</summary>
    public const string NoPath = "//";

    private readonly World _world;
    private readonly LinkedDisk _link;
    private readonly List<string> _directories = [""];
    private int _names;

    /// <param name="world">The world.</param>
    /// <param name="link">Whose bucket it is.</param>
    public BucketWriter(World world, LinkedDisk link)
    {
        (_world, _link) = (world, link);
        for (var count = Chance.Between(0, 2); count > 0; count--) AddDirectory(Chance.Pick([.. _directories]));
        if (link.Prefix.Length > 0 && Chance.Roll(0.5)) Put(link.Prefix, [], SimulatedDisk.DirectoryType | 0x1ED);
        for (var count = Chance.Between(2, 8); count > 0; count--) AddFile();
        if (Chance.Roll(0.3)) Put($"{link.Prefix}link", "f1"u8.ToArray(), SimulatedDisk.SymlinkType | 0x1FF);
        if (Chance.Roll(0.1)) Put($"{link.Prefix}no{NoPath}path", [1], SimulatedDisk.FileType | 0x1A4);
    }

    private Chance Chance => _world.Chance;

    /// <summary>Paths of an import that does not take everything: directories of which something is in the bucket.</summary>
    public IEnumerable<string> SomePaths() => _directories.Where(directory => _link.Bucket.Objects.Keys.Any(key => IsIn(key, directory)) && Chance.Roll(0.5))
        .Select(directory => $"s3://{_link.Bucket.Name}/{_link.Prefix}{directory}");

    /// <summary>Writes an object.</summary>
    public void Act()
    {
        var objects = _link.Importable().ToArray();
        var (key, stored) = objects[Chance.Below(objects.Length)];
        _world.Note("writer", key);
        var said = ObjectPosixMetadata.Of(stored.Metadata.User);
        if (Chance.Roll(0.2)) AddFile();
        else if (said.IsSymlink) Put(key, [.. "f"u8, .. Encoding.ASCII.GetBytes($"{++_names}")], SimulatedDisk.SymlinkType | 0x1FF);
        else if (key.EndsWith('/') || Chance.Roll(0.3)) Touch(key, stored);
        else
        {
            _link.Touched.Remove(key);
            Put(key, NewContent(), SimulatedDisk.FileType | 0x1A4);
        }
    }

    private bool IsIn(string key, string directory) => key.StartsWith(_link.Prefix + directory, StringComparison.Ordinal);

    /// <summary>The same content with other metadata: an import may not notice that where the entry has got another record since.</summary>
    private void Touch(string key, StoredObject stored)
    {
        _link.Touched.Add(key);
        Put(key, stored.Content, key.EndsWith('/') ? SimulatedDisk.DirectoryType | 0x1C0 : SimulatedDisk.FileType | Chance.Pick(0x180U, 0x1FFU));
    }

    private void AddDirectory(string parent)
    {
        var directory = $"{parent}d{++_names}/";
        _directories.Add(directory);
        if (Chance.Roll(0.8)) Put(_link.Prefix + directory, [], SimulatedDisk.DirectoryType | 0x1ED);
    }

    private void AddFile() => Put($"{_link.Prefix}{Chance.Pick([.. _directories])}f{++_names}", Chance.Roll(0.1) ? [] : NewContent(), SimulatedDisk.FileType | 0x1A4);

    /// <summary>Nobody had the same before.</summary>
    private byte[] NewContent() => Chance.Bytes(Chance.Between(8, Chance.Roll(0.6) ? SimulationState.ThresholdBytes : 190));

    private void Put(string key, byte[] content, uint mode)
    {
        var isSaid = Chance.Roll(0.75) || (mode & 0xF000) == SimulatedDisk.SymlinkType;
        var metadata = new PosixMetadata(mode, (uint)Chance.Below(3), 100, _world.NowNs, _world.NowNs - Chance.Below(1_000_000_000));
        _link.Bucket.Put(key, content, Crc64Nvme.Hash(content), new ObjectMetadata { User = isSaid ? metadata.ToUserMetadata() : new Dictionary<string, string>() });
    }
}
