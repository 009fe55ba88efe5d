using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class LeaseTests
{
    [Fact]
    public async Task A_file_open_for_writing_has_a_writer_and_one_open_for_reading_has_none()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("file", "content"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var file = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
        using var reader = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadOnly);
        Assert.False(FileSystemCalls.HasWriter(file));
        using (FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.ReadWrite)) Assert.True(FileSystemCalls.HasWriter(file));
        Assert.False(FileSystemCalls.HasWriter(file));

        // The lease was given back: opening it for writing does not wait.
        using var writer = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.WriteOnly | OpenFlags.NonBlock);
    }

    [Fact]
    public async Task A_file_system_is_flushed_by_any_of_its_files()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("file", "content"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        FileSystemCalls.FlushFileSystem(root);
        using var path = FileSystemCalls.OpenBeneath(root, "file"u8, OpenFlags.Path | OpenFlags.NoFollow);
        Assert.Equal(Errno.EBADF, Assert.Throws<PosixException>(() => FileSystemCalls.FlushFileSystem(path)).Errno);
    }
}
