using System.Globalization;
using System.Text;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class DirectoryReaderTests
{
    [Fact]
    public async Task Every_name_is_read_once_with_its_kind_and_inode()
    {
        var tree = new TreeBuilder().Directory("directory").Symlink("link", "x").Fifo("fifo").Socket("socket").File("..a");
        foreach (var name in OddNames.Utf8.Concat(OddNames.NotUtf8).Append(OddNames.Long()))
            tree.File(name);
        await using var temp = TempDirectory.Create().With(tree);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var reader = new DirectoryReader(root);
        var seen = new List<TreePath>();
        while (reader.MoveNext())
        {
            seen.Add(reader.Name.ToArray());
            var status = FileSystemCalls.StatusAt(root, reader.Name);
            Assert.Equal(status.Kind, reader.Kind);
            Assert.Equal(status.Inode, reader.Inode);
        }

        Assert.Equal(tree.Entries.Select(entry => entry.Path).Order(), seen.Order());
        Assert.False(reader.MoveNext());
    }

    [Fact]
    public async Task A_hundred_thousand_names_take_no_more_memory_than_a_few()
    {
        const int Names = 100_000;
        await using var temp = TempDirectory.Create();
        for (var i = 0; i < Names; i++)
            File.CreateSymbolicLink(temp[i.ToString("D6", CultureInfo.InvariantCulture)], "x");
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var seen = new bool[Names];
        _ = Read(root, seen);
        Array.Clear(seen);
        var allocated = Read(root, seen);
        Assert.DoesNotContain(false, seen);
        Assert.InRange(allocated, 0, 4096);
    }

    [Fact]
    public async Task A_second_reader_begins_at_the_first_entry_again()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a").File("b"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        for (var pass = 0; pass < 2; pass++)
        {
            using var reader = new DirectoryReader(root);
            Assert.True(reader.MoveNext());
            Assert.True(reader.MoveNext());
            Assert.False(reader.MoveNext());
        }
    }

    [Fact]
    public async Task A_reader_goes_on_through_another_descriptor_behind_any_entry()
    {
        var tree = new TreeBuilder();
        for (var i = 0; i < 300; i++)
            tree.File($"file-{i}");
        await using var temp = TempDirectory.Create().With(tree);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var names = new List<string>();
        var positions = new List<long>();
        using (var reader = new DirectoryReader(root))
        {
            while (reader.MoveNext())
            {
                names.Add(Encoding.UTF8.GetString(reader.Name));
                positions.Add(reader.Position);
            }
        }

        for (var i = 0; i < names.Count - 1; i += 13)
        {
            using var again = FileSystemCalls.OpenRoot(temp.Path);
            Assert.Equal(Errno.None, DirectoryReader.TryResume(again, positions[i], out var reader));
            using (reader)
            {
                Assert.True(reader!.MoveNext());
                Assert.Equal(names[i + 1], Encoding.UTF8.GetString(reader.Name));
            }
        }
    }

    [Fact]
    public async Task A_directory_removed_meanwhile_has_no_entries()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory("directory"));
        using var directory = FileSystemCalls.OpenRoot(temp["directory"]);
        using var reader = new DirectoryReader(directory);
        Directory.Delete(temp["directory"]);
        Assert.False(reader.MoveNext());
    }

    [Fact]
    public async Task A_descriptor_that_can_not_read_names_says_so()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("file"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var path = FileSystemCalls.OpenBeneath(root, [], OpenFlags.Path);
        using var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
        Assert.Equal(Errno.EBADF, Assert.Throws<PosixException>(() => new DirectoryReader(path)).Errno);
        using var reader = new DirectoryReader(file);
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<PosixException>(() => reader.MoveNext()).Errno);
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.MoveNext());
    }

    private static long Read(Fd root, bool[] seen)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new DirectoryReader(root);
        while (reader.MoveNext())
        {
            var index = int.Parse(reader.Name, CultureInfo.InvariantCulture);
            if (seen[index])
                Assert.Fail($"{index} came twice");
            seen[index] = true;
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
