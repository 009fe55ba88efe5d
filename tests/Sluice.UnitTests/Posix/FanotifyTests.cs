using System.Text;
using Sluice.Posix;
using Sluice.Posix.Fanotify;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>Being asked before a file is opened or read, on real file systems.</summary>
public sealed class FanotifyTests
{
    private static readonly byte[] Name = "file"u8.ToArray();

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_reader_waits_for_the_answer_and_gets_what_was_written_before_it(string kind)
    {
        await using var disk = await DiskImage.CreateAsync(kind);
        var path = Path.Combine(disk.Root, "file");
        await File.WriteAllTextAsync(path, "0000");
        using var root = FileSystemCalls.OpenRoot(disk.Root);
        using var mount = PrivateMount.Clone(disk.Root);
        var own = mount.Root;
        using var held = FileSystemCalls.OpenBeneath(own, Name, OpenFlags.ReadOnly);
        using var group = FanotifyGroup.Create();
        group.MarkFileSystem(root);
        group.IgnoreMount(own);

        var reader = Task.Run(() => File.ReadAllText(path));
        var first = Next(group);
        Assert.True(first.IsOpen);
        using (var file = FileSystemCalls.OpenHandle(own, FileSystemCalls.Handle(first.File), OpenFlags.ReadWrite))
            Assert.Equal(4, FileSystemCalls.Write(file, "1111"u8, 0));
        group.Ignore(first.File);
        Answer(group, first, errno: null);
        Assert.Equal("1111", await reader);

        // Ignored, and kept in memory by the descriptor held: nobody is asked. Watched again: everybody, who may be refused.
        Assert.Equal("1111", await File.ReadAllTextAsync(path));
        group.Watch(held);
        var refused = Task.Run(() => File.ReadAllText(path));
        Answer(group, Next(group), Errno.EBUSY);
        await Assert.ThrowsAnyAsync<IOException>(() => refused);
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_lease_is_had_by_one_alone_and_a_punched_file_keeps_size_and_times(string kind)
    {
        await using var disk = await DiskImage.CreateAsync(kind);
        await File.WriteAllBytesAsync(Path.Combine(disk.Root, "file"), Encoding.ASCII.GetBytes(new string('x', 100_000)));
        using var root = FileSystemCalls.OpenRoot(disk.Root);
        using var file = FileSystemCalls.OpenBeneath(root, Name, OpenFlags.ReadWrite);
        using (FileSystemCalls.OpenBeneath(root, Name, OpenFlags.ReadOnly)) Assert.False(FileSystemCalls.TryLease(file));
        Assert.True(FileSystemCalls.TryLease(file));

        FileSystemCalls.PunchHole(file, 100_000);
        FileSystemCalls.SetTimes(file, -1, 1_234_567_890_123_456_789);
        FileSystemCalls.EndLease(file);
        FileSystemCalls.FlushData(file);

        var status = FileSystemCalls.Status(file);
        Assert.Equal((100_000, -1, 1_234_567_890_123_456_789), (status.SizeBytes, status.AtimeNs, status.MtimeNs));
        Assert.Null(FileSystemCalls.SeekData(file, 0));
    }

    private static AccessEvent Next(FanotifyGroup group)
    {
        var events = new List<AccessEvent>();
        while (!group.Read(events)) group.Wait(timeoutMilliseconds: 1000);
        return Assert.Single(events);
    }

    private static void Answer(FanotifyGroup group, AccessEvent access, Errno? errno)
    {
        if (errno is { } refusal) group.Deny(access, refusal);
        else group.Allow(access);
        access.File.Dispose();
    }
}
