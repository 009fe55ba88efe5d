using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class FileDataTests
{
    [Fact]
    public async Task What_was_written_at_an_offset_is_read_there()
    {
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadWrite | OpenFlags.Create, mode: 0x180);
        Assert.Equal(5, FileSystemCalls.Write(file, "hello"u8, 3));
        FileSystemCalls.Flush(file);
        FileSystemCalls.StartFlush(file, 0, 8);
        FileSystemCalls.AdviseSequential(file);
        FileSystemCalls.AdviseDontNeed(file, 0, 0);
        var buffer = new byte[16];
        Assert.Equal(8, FileSystemCalls.Read(file, buffer, 0));
        Assert.Equal("\0\0\0hello"u8, buffer.AsSpan(0, 8));
        Assert.Equal(2, FileSystemCalls.Read(file, buffer, 6));
        Assert.Equal(0, FileSystemCalls.Read(file, buffer, 8));
        Assert.Equal(0, FileSystemCalls.Read(file, [], 0));
    }

    [Fact]
    public async Task A_descriptor_that_can_not_do_it_says_so()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("file"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
        Assert.Equal(Errno.EBADF, Assert.Throws<PosixException>(() => FileSystemCalls.Write(file, "x"u8, 0)).Errno);
        Assert.Equal(Errno.EISDIR, Assert.Throws<PosixException>(() => FileSystemCalls.Read(root, new byte[1], 0)).Errno);
    }

    [Fact]
    public async Task Data_and_holes_are_found()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder()
            .Sparse("sparse", 1 << 20, seed: 1, new TreeExtent(64 << 10, 64 << 10)).Sparse("hole", 1 << 20, seed: 1).File("empty"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var sparse = FileSystemCalls.OpenBeneath(root, "sparse"u8, OpenFlags.ReadOnly);
        using var hole = FileSystemCalls.OpenBeneath(root, "hole"u8, OpenFlags.ReadOnly);
        using var empty = FileSystemCalls.OpenBeneath(root, "empty"u8, OpenFlags.ReadOnly);
        Assert.Equal(64 << 10, FileSystemCalls.SeekData(sparse, 0));
        Assert.Equal(128 << 10, FileSystemCalls.SeekHole(sparse, 64 << 10));
        Assert.Null(FileSystemCalls.SeekData(sparse, 128 << 10));
        Assert.Null(FileSystemCalls.SeekData(hole, 0));
        Assert.Equal(0, FileSystemCalls.SeekHole(hole, 0));
        Assert.Null(FileSystemCalls.SeekData(empty, 0));
        Assert.Equal(Errno.ENXIO, Assert.Throws<PosixException>(() => FileSystemCalls.SeekHole(empty, 0)).Errno);
    }
}
