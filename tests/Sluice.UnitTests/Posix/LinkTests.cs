using System.Text;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>Entries made by name in an open directory.</summary>
public sealed class LinkTests : IAsyncDisposable
{
    private readonly TempDirectory _temp = TempDirectory.Create();
    private readonly Fd _root;

    public LinkTests() => _root = FileSystemCalls.OpenRoot(_temp.Path);

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return _temp.DisposeAsync();
    }

    [Fact]
    public void A_nameless_file_appears_with_its_link_and_not_before()
    {
        using (var file = FileSystemCalls.OpenNameless(_root))
        {
            FileSystemCalls.SetLength(file, 100);
            FileSystemCalls.SetOwner(file, FileSystemCalls.Status(file).Uid, FileSystemCalls.Status(file).Gid);
            FileSystemCalls.SetMode(file, 0x1ED);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_temp.Path));
            FileSystemCalls.Link(file, _root, "näme\n"u8);
        }

        var status = FileSystemCalls.StatusAt(_root, "näme\n"u8);
        Assert.Equal((100, 0x81EDu, 1u), (status.SizeBytes, status.Mode, status.LinkCount));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused_and_a_rename_replaces_it()
    {
        File.WriteAllText(_temp["old"], "old");
        using var file = FileSystemCalls.OpenNameless(_root);
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => FileSystemCalls.Link(file, _root, "old"u8)).Errno);
        FileSystemCalls.Link(file, _root, "new"u8);
        FileSystemCalls.RenameAt(_root, "new"u8, "old"u8);
        Assert.Equal([_temp["old"]], Directory.EnumerateFileSystemEntries(_temp.Path));
        Assert.Equal(0, new FileInfo(_temp["old"]).Length);
        Assert.True(FileSystemCalls.UnlinkAt(_root, "old"u8));
        Assert.False(FileSystemCalls.UnlinkAt(_root, "old"u8));
    }

    [Fact]
    public void Directories_and_symlinks_say_whether_they_were_made()
    {
        Assert.True(FileSystemCalls.TryMakeDirectory(_root, "d"u8, 0x1C0));
        Assert.False(FileSystemCalls.TryMakeDirectory(_root, "d"u8, 0x1C0));
        Assert.True(FileSystemCalls.TryMakeSymlink(_root, "l"u8, "/no/where"u8));
        Assert.False(FileSystemCalls.TryMakeSymlink(_root, "l"u8, "x"u8));
        Assert.Equal(Errno.ENOENT, Assert.Throws<PosixException>(() => FileSystemCalls.TryMakeSymlink(_root, "m"u8, [])).Errno);
        using var link = FileSystemCalls.OpenBeneath(_root, "l"u8, OpenFlags.Path | OpenFlags.NoFollow);
        FileSystemCalls.SetTimesOfPath(link, -1, 1_595_002_920_000_000_001);
        var status = FileSystemCalls.Status(link);
        Assert.Equal((FileKind.Symlink, -1L, 1_595_002_920_000_000_001L), (status.Kind, status.AtimeNs, status.MtimeNs));
    }

    [Fact]
    public void Names_are_single_names()
    {
        using var file = FileSystemCalls.OpenNameless(_root);
        foreach (var name in new[] { "a/b", "..", "a\0" })
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.Link(file, _root, bytes)).Errno);
            Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.TryMakeDirectory(_root, bytes, 0)).Errno);
            Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.RenameAt(_root, bytes, "x"u8)).Errno);
            Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.UnlinkAt(_root, bytes)).Errno);
        }
    }
}
