using System.Text;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class XattrTests
{
    private const string Attribute = "trusted.sluice.test";

    public static TheoryData<string> Entries => ["file", "directory", "link", "dangling", "fifo"];

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task An_attribute_set_through_a_path_descriptor_is_on_the_entry_itself(string name)
    {
        await using var temp = Make();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var bytes = Encoding.UTF8.GetBytes(name);
        using var entry = FileSystemCalls.OpenBeneath(root, bytes, OpenFlags.Path | OpenFlags.NoFollow);
        FileSystemCalls.SetXattr(entry, Attribute, "value"u8);

        Assert.Equal("value", Read(buffer => FileSystemCalls.GetXattr(entry, Attribute, buffer)));
        Assert.Equal("value", Read(buffer => FileSystemCalls.GetXattrAt(root, bytes, Attribute, buffer)));
        Assert.Equal("value", Read(buffer => FileSystemCalls.GetXattrAtByProc(root, bytes, Attribute, buffer)));
        foreach (var other in Entries.Where(other => other != name))
            Assert.Null(FileSystemCalls.GetXattrAt(root, Encoding.UTF8.GetBytes(other), Attribute, []));

        FileSystemCalls.RemoveXattr(entry, Attribute);
        Assert.Null(FileSystemCalls.GetXattr(entry, Attribute, []));
        FileSystemCalls.RemoveXattr(entry, Attribute);
    }

    [Fact]
    public async Task An_attribute_of_an_open_file_needs_no_writing_and_is_replaced()
    {
        await using var temp = Make();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
        FileSystemCalls.SetXattr(file, Attribute, "first"u8);
        FileSystemCalls.SetXattr(file, Attribute, "2"u8);
        Assert.Equal("2", Read(buffer => FileSystemCalls.GetXattr(file, Attribute, buffer)));
        FileSystemCalls.SetXattr(file, Attribute, []);
        Assert.Equal(0, FileSystemCalls.GetXattr(file, Attribute, new byte[4]));
        FileSystemCalls.RemoveXattr(file, Attribute);
        FileSystemCalls.RemoveXattr(file, Attribute);
        Assert.Null(FileSystemCalls.GetXattr(file, Attribute, new byte[4]));
    }

    [Fact]
    public async Task A_descriptor_of_dotnet_is_taken_too()
    {
        await using var temp = Make();
        using var file = File.OpenHandle(temp["file"]);
        FileSystemCalls.SetXattr(file, Attribute, "value"u8);
        Assert.Equal(5, FileSystemCalls.GetXattr(file, Attribute, []));
    }

    [Fact]
    public async Task Both_ways_of_reading_answer_alike()
    {
        await using var temp = Make();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var path = FileSystemCalls.OpenBeneath(root, [], OpenFlags.Path);
        using (var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly))
            FileSystemCalls.SetXattr(file, Attribute, "value"u8);
        foreach (var directory in new[] { root, path })
        {
            foreach (var read in new Reader[] { FileSystemCalls.GetXattrAt, FileSystemCalls.GetXattrAtByProc })
            {
                Assert.Equal(5, read(directory, "file"u8, Attribute, []));
                Assert.Equal("value", Read(buffer => read(directory, "file"u8, Attribute, buffer)));
                Assert.Null(read(directory, "directory"u8, Attribute, new byte[8]));
                Assert.Equal(Errno.ERANGE, Assert.Throws<PosixException>(() => read(directory, "file"u8, Attribute, new byte[4])).Errno);
                Assert.Equal(Errno.ENOENT, Assert.Throws<PosixException>(() => read(directory, "gone"u8, Attribute, new byte[8])).Errno);
                var tooLong = Encoding.UTF8.GetBytes(new string('n', 256));
                Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<PosixException>(() => read(directory, tooLong, Attribute, new byte[8])).Errno);
            }
        }
    }

    [Fact]
    public async Task The_root_of_a_walk_has_an_empty_name_and_attributes()
    {
        await using var temp = Make();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        FileSystemCalls.SetXattr(root, Attribute, "value"u8);
        using var path = FileSystemCalls.OpenBeneath(root, [], OpenFlags.Path);
        Assert.Equal(5, FileSystemCalls.GetXattrAt(root, [], Attribute, new byte[8]));
        Assert.Equal(5, FileSystemCalls.GetXattrAt(path, [], Attribute, new byte[8]));
        Assert.Equal(5, FileSystemCalls.GetXattrAt(root, "."u8, Attribute, new byte[8]));
    }

    [Fact]
    public async Task A_name_of_any_bytes_has_attributes()
    {
        Require.Root();
        var tree = new TreeBuilder();
        foreach (var name in OddNames.Utf8.Concat(OddNames.NotUtf8).Append(OddNames.Long()))
            tree.File(name);
        await using var temp = TempDirectory.Create().With(tree);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        foreach (var entry in tree.Files)
        {
            using var file = FileSystemCalls.OpenBeneath(root, entry.Path.Bytes, OpenFlags.Path);
            FileSystemCalls.SetXattr(file, Attribute, "v"u8);
            Assert.Equal(1, FileSystemCalls.GetXattrAt(root, entry.Path.Bytes, Attribute, new byte[1]));
            Assert.Equal(1, FileSystemCalls.GetXattrAtByProc(root, entry.Path.Bytes, Attribute, new byte[1]));
        }
    }

    [Fact]
    public async Task A_user_attribute_on_a_symlink_is_refused()
    {
        await using var temp = Make();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var link = FileSystemCalls.OpenBeneath(root, "link"u8, OpenFlags.Path | OpenFlags.NoFollow);
        Assert.Equal(Errno.EPERM, Assert.Throws<PosixException>(() => FileSystemCalls.SetXattr(link, "user.test", "v"u8)).Errno);
    }

    private delegate int? Reader(Fd directory, ReadOnlySpan<byte> entryName, string name, Span<byte> buffer);

    private static TempDirectory Make()
    {
        Require.Root();
        return TempDirectory.Create().With(
            new TreeBuilder().File("file").Directory("directory").Symlink("link", "file").Symlink("dangling", "nowhere").Fifo("fifo"));
    }

    private static string Read(Func<byte[], int?> read)
    {
        var buffer = new byte[64];
        return Encoding.UTF8.GetString(buffer, 0, read(buffer) ?? throw new InvalidOperationException("no attribute"));
    }
}
