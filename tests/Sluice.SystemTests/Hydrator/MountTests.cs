using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydrator;

/// <summary><c>sluice mount</c> and <c>sluice umount</c>.</summary>
public sealed class MountTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_mounted_image_is_guarded_until_it_is_unmounted_and_nothing_is_left(string kind)
    {
        await using var disk = await GuardedDisk.CreateAsync(kind, Cancel);
        Assert.Contains(Mounts(), line => line.Contains($" {disk.Root} ", StringComparison.Ordinal) && line.Contains($"- {kind} ", StringComparison.Ordinal));
        await using (var writer = await StartAsync("sh", "-c", $"echo text > '{disk["file"]}'"))
        {
            await WorkerTests.HangingAsync(writer);
            await writer.KillAsync();
        }

        (await disk.UnmountAsync(Cancel)).EnsureSuccess();

        await NothingIsLeftAsync(disk);
    }

    [Fact]
    public async Task Nobody_ever_sees_the_mount_unguarded()
    {
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        await using (await disk.StartHydratorAsync(Cli.Bare, Cancel)) await File.WriteAllTextAsync(disk["file"], "text", Cancel);
        for (var round = 0; round < 5; round++)
        {
            (await disk.UnmountAsync(Cancel)).EnsureSuccess();

            // Who is first to see the file can't read it, because no worker runs.
            await using var reader = await StartAsync("sh", "-c", $"while ! cat '{disk["file"]}' 2>/dev/null; do :; done");
            (await disk.MountAsync(Cancel)).EnsureSuccess();
            await using var second = await StartAsync("cat", disk["file"]);
            await WorkerTests.HangingAsync(second);
            Assert.Empty(reader.OutputLines);
            Assert.False(reader.HasExited);
            await reader.KillAsync();
            await second.KillAsync();
        }
    }

    [Fact]
    public async Task Unmounting_is_refused_while_somebody_uses_it_and_says_who()
    {
        await using var disk = await GuardedDisk.CreateAsync("xfs", Cancel);
        await using var worker = await disk.StartHydratorAsync(Cli.Bare, Cancel);
        await File.WriteAllTextAsync(disk["file"], "text\n", Cancel);
        await using (var user = await StartAsync("tail", "-f", disk["file"]))
        {
            await user.WaitForLineAsync(line => line == "text", Hang.Limit, Cancel);
            var refused = await disk.UnmountAsync(Cancel);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains($"is in use by {user.Id} (tail)", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal("text\n", await File.ReadAllTextAsync(disk["file"], Cancel));
        (await disk.UnmountAsync(Cancel)).EnsureSuccess();
        await NothingIsLeftAsync(disk);
    }

    [Fact]
    public async Task Unmounting_is_refused_while_it_is_mounted_elsewhere_too()
    {
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        Directory.CreateDirectory(disk.Beside("copy"));
        await using (await Mount.BindAsync(disk.Root, disk.Beside("copy")))
        {
            var refused = await disk.UnmountAsync(Cancel);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains($"is also mounted at {disk.Beside("copy")}", refused.Error, StringComparison.Ordinal);
        }

        (await disk.UnmountAsync(Cancel)).EnsureSuccess();
    }

    [Fact]
    public async Task The_same_image_can_be_mounted_again()
    {
        await using var disk = await GuardedDisk.CreateAsync("btrfs", Cancel);
        await using var worker = await disk.StartHydratorAsync(Cli.Bare, Cancel);
        await File.WriteAllTextAsync(disk["file"], "text", Cancel);

        (await disk.UnmountAsync(Cancel)).EnsureSuccess();
        (await disk.MountAsync(Cancel)).EnsureSuccess();

        Assert.Equal("text", await File.ReadAllTextAsync(disk["file"], Cancel));
    }

    [Fact]
    public async Task One_of_which_thousands_of_files_were_read_goes_as_well()
    {
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        await using var worker = await disk.StartHydratorAsync(Cli.Bare, Cancel);
        for (var number = 0; number < 10_000; number++) await File.WriteAllTextAsync(disk[$"file{number}"], "text", Cancel);

        (await disk.UnmountAsync(Cancel)).EnsureSuccess();

        await NothingIsLeftAsync(disk);
    }

    [Fact]
    public async Task What_is_no_file_system_is_refused()
    {
        await using var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["on"]);
        await File.WriteAllBytesAsync(temp["image"], new byte[1 << 20], Cancel);

        await RefusedAsync(temp, temp["image"], temp["on"], "holds no file system that can be guarded; expected a block device or an image with ext4, XFS or Btrfs.");
        await RefusedAsync(temp, temp["missing"], temp["on"], "can't be read (ENOENT)");
        await RefusedAsync(temp, temp["image"], temp["missing"], "is no directory");
        await RefusedAsync(temp, temp["image"], temp.Path, "would be hidden");
        Assert.Null(GuardedDisk.HolderOf(temp["data"]));
    }

    [Fact]
    public async Task A_broken_file_system_or_wrong_option_leaves_nothing_behind()
    {
        Require.Root();
        await using var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["on"]);
        await DiskImage.MakeImageAsync("ext4", temp["image"]);

        await RefusedAsync(temp, temp["image"], temp["on"], "nonsense", "-o", "nonsense=1");
        await RefusedAsync(temp, temp["image"], temp["on"], "read-only", "-o", "noatime,ro");
        await using (var image = new FileStream(temp["image"], FileMode.Open)) image.SetLength(8192);
        await RefusedAsync(temp, temp["image"], temp["on"], "can't be mounted as ext4");

        Assert.Null(GuardedDisk.HolderOf(temp["data"]));
        Assert.DoesNotContain(Mounts(), line => line.Contains(temp.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(temp["image"], await LoopsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_mounted_already_is_refused()
    {
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        Directory.CreateDirectory(disk.Beside("other"));
        var device = Mounts().Single(line => line.Contains($" {disk.Root} ", StringComparison.Ordinal)).Split(" - ")[1].Split(' ')[1];

        var same = await disk.MountAsync(Cancel);
        var other = await Cli.RunProgramAsync(Cli.Bare, Cancel, "mount", device, disk.Beside("other"), "--data", disk.DataDirectory);

        Assert.Contains("has a guarded mount of", same.Error, StringComparison.Ordinal);
        Assert.Contains("mounted already", other.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (same.ExitCode, other.ExitCode));
    }

    [Fact]
    public async Task What_it_has_not_mounted_is_not_unmounted()
    {
        await using var temp = TempDirectory.Create();

        var refused = await Cli.RunProgramAsync(Cli.Bare, Cancel, "umount", temp.Path, "--data", temp["data"]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("was not mounted by 'sluice mount'", refused.Error, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(TempDirectory temp, string source, string directory, string message, params string[] more)
    {
        var result = await Cli.RunProgramAsync(Cli.Bare, Cancel, ["mount", source, directory, "--data", temp["data"], .. more]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(c => c == '\n'));
    }

    private static async Task NothingIsLeftAsync(GuardedDisk disk)
    {
        Assert.DoesNotContain(Mounts(), line => line.Contains(disk.Root, StringComparison.Ordinal));
        Assert.DoesNotContain(disk.ImagePath, await LoopsAsync(), StringComparison.Ordinal);
        while (disk.HolderId is not null) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk.DataDirectory, "hydrator"), "*.mount"));
    }

    private static IEnumerable<string> Mounts() => File.ReadLines("/proc/self/mountinfo");

    private static async Task<string> LoopsAsync() => (await ProcessRunner.RunAsync(new(Require.Tool("losetup")) { Arguments = ["-a"] }, Cancel)).Output;

    private static Task<ProcessRunner> StartAsync(string tool, params string[] arguments) =>
        ProcessRunner.StartAsync(new(Require.Tool(tool)) { Arguments = arguments }, Cancel);
}
