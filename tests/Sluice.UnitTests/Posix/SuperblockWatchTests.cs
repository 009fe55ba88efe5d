using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>When a file system has gone, on real ones.</summary>
public sealed class SuperblockWatchTests
{
    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_file_system_has_gone_with_its_last_mount(string kind)
    {
        await using var disk = await DiskImage.CreateAsync(kind);
        SuperblockWatch watch;
        using (var root = FileSystemCalls.OpenRoot(disk.Root)) watch = SuperblockWatch.Create(root);
        using (watch)
        {
            await File.WriteAllTextAsync(Path.Combine(disk.Root, "file"), "text", TestContext.Current.CancellationToken);
            File.Delete(Path.Combine(disk.Root, "file"));
            using (PrivateMount.Clone(disk.Root))
            {
                await disk.UnmountAsync();
                Assert.False(watch.HasEnded);
            }

            Assert.True(SpinWait.SpinUntil(() => watch.HasEnded, TimeSpan.FromSeconds(30)));
            Assert.True(watch.HasEnded);
        }
    }
}
