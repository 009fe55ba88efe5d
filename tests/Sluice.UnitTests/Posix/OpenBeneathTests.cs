using System.Text;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class OpenBeneathTests
{
    [Theory]
    [InlineData("link", Errno.ELOOP)]
    [InlineData("linked/file", Errno.ELOOP)]
    [InlineData("../outside", Errno.EXDEV)]
    [InlineData("directory/../../outside", Errno.EXDEV)]
    [InlineData("/etc/passwd", Errno.EXDEV)]
    [InlineData("missing", Errno.ENOENT)]
    [InlineData("file/below", Errno.ENOTDIR)]
    [InlineData("file\0", Errno.EINVAL)]
    public async Task A_path_that_leads_elsewhere_is_refused(string path, Errno expected)
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder()
            .Text("root/file", "content").Directory("root/directory").Symlink("root/link", "file").Symlink("root/linked", "directory")
            .Text("root/directory/file", "content").Text("outside", "secret"));
        using var root = FileSystemCalls.OpenRoot(temp["root"]);
        var error = Assert.Throws<PosixException>(() => FileSystemCalls.OpenBeneath(root, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly));
        Assert.Equal(expected, error.Errno);
    }

    [Fact]
    public async Task Another_mount_is_refused()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory("other"));
        await using var mount = await Mount.TmpfsAsync(temp["other"]);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        Assert.Equal(Errno.EXDEV, Assert.Throws<PosixException>(() => FileSystemCalls.OpenBeneath(root, "other"u8, OpenFlags.Path)).Errno);
    }

    [Fact]
    public async Task The_empty_path_is_the_directory_itself()
    {
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var same = FileSystemCalls.OpenBeneath(root, [], OpenFlags.ReadOnly | OpenFlags.Directory);
        Assert.Equal(FileSystemCalls.Status(root).Inode, FileSystemCalls.Status(same).Inode);
    }

    [Fact]
    public async Task The_operators_root_may_be_reached_through_a_symlink()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("real/file", "x").Symlink("root", "real"));
        using var root = FileSystemCalls.OpenRoot(temp["root"]);
        using var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
        Assert.Equal(FileKind.Regular, FileSystemCalls.Status(file).Kind);
    }

    [Fact]
    public async Task A_descriptor_is_closed_on_exec()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("file", "x"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
        foreach (var fd in new[] { root, file })
        {
            var lines = await File.ReadAllLinesAsync($"/proc/self/fdinfo/{fd.Number}", TestContext.Current.CancellationToken);
            var flags = lines.Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
            Assert.NotEqual(0, Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & (int)OpenFlags.CloseOnExec);
        }
    }

    [Fact]
    public async Task A_new_file_gets_its_mode_and_an_old_one_is_not_made_again()
    {
        const OpenFlags New = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive;
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using (var made = FileSystemCalls.OpenBeneath(root, "made"u8, New, mode: 0x100 /* 0400 */))
            Assert.Equal(0x8100u, FileSystemCalls.Status(made).Mode);
        Assert.Equal(
            Errno.EEXIST,
            Assert.Throws<PosixException>(() => FileSystemCalls.OpenBeneath(root, "made"u8, New, mode: 0x180)).Errno);
    }

    [Fact]
    public async Task A_fifo_is_opened_without_waiting_for_a_writer()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Fifo("pipe"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var pipe = FileSystemCalls.OpenBeneath(root, "pipe"u8, OpenFlags.ReadOnly | OpenFlags.NonBlock);
        Assert.Equal(FileKind.Fifo, FileSystemCalls.Status(pipe).Kind);
    }

    [Fact]
    public async Task A_name_of_any_bytes_is_opened_as_it_is()
    {
        var tree = new TreeBuilder();
        foreach (var name in OddNames.Utf8.Concat(OddNames.NotUtf8).Append(OddNames.Long()))
            tree.File(name, size: 1, seed: 1);
        await using var temp = TempDirectory.Create().With(tree);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        foreach (var entry in tree.Files)
        {
            using var file = FileSystemCalls.OpenBeneath(root, entry.Path.Bytes, OpenFlags.ReadOnly);
            Assert.Equal(1, FileSystemCalls.Status(file).SizeBytes);
        }
    }

    [Fact]
    public async Task The_path_may_be_long_and_over_the_kernels_limit_it_is_refused()
    {
        var path = string.Join('/', Enumerable.Repeat(new string('d', 250), 12));
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory(path));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using (var deep = FileSystemCalls.OpenBeneath(root, Encoding.UTF8.GetBytes(path), OpenFlags.Path))
            Assert.Equal(FileKind.Directory, FileSystemCalls.Status(deep).Kind);
        var tooLong = Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Repeat("directory", 500)));
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<PosixException>(() => FileSystemCalls.OpenBeneath(root, tooLong, OpenFlags.Path)).Errno);
    }

    [Fact]
    public async Task The_message_names_call_path_reason_and_number()
    {
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var error = Assert.Throws<PosixException>(() => FileSystemCalls.OpenBeneath(root, [.. "no\n"u8, 0xFF], OpenFlags.ReadOnly));
        Assert.Equal("openat2 'no\\x0A\\xFF': No such file or directory (ENOENT)", error.Message);
        Assert.Equal((int)Errno.ENOENT, error.HResult);
    }

    [Fact]
    public void A_root_that_is_no_directory_is_refused() =>
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<PosixException>(() => FileSystemCalls.OpenRoot("/dev/null")).Errno);

    [Fact]
    public void A_long_path_is_cut_in_messages()
    {
        var text = PathText.Of(Encoding.UTF8.GetBytes(new string('a', 5000) + "end"));
        Assert.True(text.Length < 600, text);
        Assert.EndsWith("end", text, StringComparison.Ordinal);
    }
}
