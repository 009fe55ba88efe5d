using System.Globalization;
using System.Text;
using Sluice.Posix;
using Sluice.Posix.Libc;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class FileStatusTests
{
    [Fact]
    public async Task The_status_is_what_stat_prints()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder()
            .Sparse("sparse", 1 << 20, seed: 1, new TreeExtent(0, 4096))
            .File("old", size: 10, mode: 0xFFF, uid: 6666, gid: 70_000, modifiedNs: -315_619_200_123_456_789)
            .HardLink("old2", "old").Symlink("link", "nowhere"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        foreach (var name in new[] { "sparse", "old", "link" })
        {
            var status = FileSystemCalls.StatusAt(root, Encoding.UTF8.GetBytes(name));
            var printed = await ProcessRunner.RunAsync(
                new(Require.Tool("stat")) { Arguments = ["-c", "%f %u %g %s %i %d %h %b", temp[name]] }, TestContext.Current.CancellationToken);
            Assert.Equal(
                printed.EnsureSuccess().Output.Trim(),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{status.Mode:x} {status.Uid} {status.Gid} {status.SizeBytes} {status.Inode} {status.Device} {status.LinkCount} {status.BlocksBytes / 512}"));
        }

        Assert.Equal(-315_619_200_123_456_789, FileSystemCalls.StatusAt(root, "old"u8).MtimeNs);
    }

    [Fact]
    public async Task Each_kind_is_told_and_a_symlink_is_itself()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder()
            .File("file").Directory("directory").Symlink("link", "file").Fifo("fifo").Socket("socket"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var devices = FileSystemCalls.OpenRoot("/dev");
        Assert.Equal(FileKind.Regular, FileSystemCalls.StatusAt(root, "file"u8).Kind);
        Assert.Equal(FileKind.Directory, FileSystemCalls.StatusAt(root, "directory"u8).Kind);
        Assert.Equal(FileKind.Symlink, FileSystemCalls.StatusAt(root, "link"u8).Kind);
        Assert.Equal(FileKind.Fifo, FileSystemCalls.StatusAt(root, "fifo"u8).Kind);
        Assert.Equal(FileKind.Socket, FileSystemCalls.StatusAt(root, "socket"u8).Kind);
        Assert.Equal(FileKind.CharDevice, FileSystemCalls.StatusAt(devices, "null"u8).Kind);
        Assert.Equal(FileKind.Unknown, default(FileStatus).Kind);
    }

    [Fact]
    public async Task An_empty_name_is_the_directory_itself()
    {
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        Assert.Equal(FileSystemCalls.Status(root), FileSystemCalls.StatusAt(root, []));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("/etc")]
    [InlineData("a\0")]
    public async Task A_name_that_is_a_path_is_refused(string name)
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a/b"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var bytes = Encoding.UTF8.GetBytes(name);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.StatusAt(root, bytes)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.GetXattrAt(root, bytes, "user.a", [])).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.GetXattrAtByProc(root, bytes, "user.a", [])).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.ReadLinkAt(root, bytes, new byte[10])).Errno);
    }

    [Fact]
    public async Task An_immutable_or_append_only_file_is_told()
    {
        Require.Root();
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("fixed").File("log"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        await ChangeAttributesAsync("+i", temp["fixed"]);
        await ChangeAttributesAsync("+a", temp["log"]);
        try
        {
            Assert.True(FileSystemCalls.StatusAt(root, "fixed"u8) is { IsImmutable: true, IsAppendOnly: false });
            Assert.True(FileSystemCalls.StatusAt(root, "log"u8) is { IsImmutable: false, IsAppendOnly: true });
        }
        finally
        {
            await ChangeAttributesAsync("-i", temp["fixed"]);
            await ChangeAttributesAsync("-a", temp["log"]);
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-1, 999_999_999, -1)]
    [InlineData(9_223_372_036, 854_775_807, long.MaxValue)]
    [InlineData(15_032_385_535, 0, long.MaxValue)]
    [InlineData(-15_032_385_535, 0, long.MinValue)]
    public void An_instant_that_does_not_fit_becomes_the_nearest_that_does(long seconds, uint nanoseconds, long expected) =>
        Assert.Equal(expected, FileStatus.Nanoseconds(new SysStat.statx_timestamp { tv_sec = seconds, tv_nsec = nanoseconds }));

    [Theory]
    [InlineData(8, 1, 0x801)]
    [InlineData(259, 300, 0x11032C)]
    [InlineData(0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF)]
    [InlineData(0xFFFF_FFFF, 0, 0xFFFF_F000_000F_FF00)]
    public void A_device_number_is_put_together_as_makedev_does(uint major, uint minor, ulong expected) =>
        Assert.Equal(expected, FileStatus.DeviceNumber(major, minor));

    [Fact]
    public async Task A_symlinks_target_is_read_whole_or_refused()
    {
        var target = new TreePath[] { "short", new string('t', 4095) };
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Symlink("0", target[0]).Symlink("1", target[1]).File("file"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var buffer = new byte[4096];
        Assert.Equal(5, FileSystemCalls.ReadLinkAt(root, "0"u8, buffer));
        Assert.Equal("short"u8, buffer.AsSpan(0, 5));
        using var link = FileSystemCalls.OpenBeneath(root, "1"u8, OpenFlags.Path | OpenFlags.NoFollow);
        Assert.Equal(4095, FileSystemCalls.ReadLink(link, buffer));
        Assert.Equal(target[1].Bytes, buffer.AsSpan(0, 4095));
        Assert.Equal(Errno.ERANGE, Assert.Throws<PosixException>(() => FileSystemCalls.ReadLinkAt(root, "0"u8, new byte[5])).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => FileSystemCalls.ReadLinkAt(root, "file"u8, buffer)).Errno);
    }

    private static async Task ChangeAttributesAsync(string change, string path) =>
        (await ProcessRunner.RunAsync(new(Require.Tool("chattr")) { Arguments = [change, path] }, CancellationToken.None)).EnsureSuccess();
}
