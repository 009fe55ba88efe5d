namespace Sluice.TestKit;

/// <summary>A real file system in an image file, mounted on a directory for the length of a test. Needs root.</summary>
public sealed class DiskImage : IAsyncDisposable
{
    // The least that all of them take.
    private const long LeastBytes = 512L << 20;

    private readonly TempDirectory _temp;
    private bool _isMounted;

    private DiskImage(TempDirectory temp, string imagePath) => (_temp, ImagePath) = (temp, imagePath);

    /// <summary>Where it is mounted.</summary>
    public string Root => _temp["disk"];

    /// <summary>The image.</summary>
    public string ImagePath { get; }

    /// <summary>A place beside it, on another file system.</summary>
    public string Beside(string name) => _temp[name];

    /// <param name="kind">ext4, xfs or btrfs.</param>
    /// <param name="bytes">Its size; no more than is written takes space.</param>
    /// <param name="folder">Where its image lies; null for a place beside the mount.</param>
    public static async Task<DiskImage> CreateAsync(string kind, long bytes = LeastBytes, string? folder = null)
    {
        Require.Root();
        var temp = TempDirectory.Create();
        var disk = new DiskImage(temp, Path.Combine(folder ?? temp.Path, "image"));
        try
        {
            await MakeImageAsync(kind, disk.ImagePath, bytes);
            Directory.CreateDirectory(disk.Root);
            await disk.MountAsync();
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an image with an empty file system.</summary>
    public static async Task MakeImageAsync(string kind, string path, long bytes = LeastBytes)
    {
        await using (var image = new FileStream(path, FileMode.CreateNew)) image.SetLength(bytes);
        await RunAsync($"mkfs.{kind}", kind == "ext4" ? ["-q", path] : ["-q", "-f", path]);
    }

    /// <summary>Unmounts whatever is mounted on a directory, also while something is open on it: then it goes with the last user.</summary>
    internal static async Task UnmountAllAsync(string directory)
    {
        while ((await File.ReadAllLinesAsync("/proc/self/mountinfo")).Any(line => line.Split(' ')[4] == directory))
        {
            try
            {
                await RunAsync("umount", [directory]);
            }
            catch (InvalidOperationException)
            {
                await RunAsync("umount", ["-l", directory]);
            }
        }
    }

    /// <summary>Mounts it, as after <see cref="UnmountAsync"/>.</summary>
    public async Task MountAsync()
    {
        await RunAsync("mount", ["-o", "loop", ImagePath, Root]);
        _isMounted = true;
    }

    /// <summary>Lets nothing be written any more, whoever has it open, as the kernel does when it finds an error. ext4 alone.</summary>
    public Task MakeReadOnlyAsync() => RunAsync("mount", ["-o", "remount,abort", Root]);

    /// <summary>After <see cref="MakeReadOnlyAsync"/> or an error: unmounts it, has it checked and mended, and mounts it. ext4 alone.</summary>
    public async Task RepairAsync()
    {
        await UnmountAsync();
        var check = await ProcessRunner.RunAsync(new("/usr/sbin/e2fsck") { Arguments = ["-fy", ImagePath] }, CancellationToken.None);

        // e2fsck(8): 1 is "errors corrected".
        if (check.ExitCode > 1) check.EnsureSuccess();
        await MountAsync();
    }

    /// <summary>Unmounts it; fails while something is open on it.</summary>
    public async Task UnmountAsync()
    {
        // The kernel lets go of closed files a little later.
        for (var attempt = 1; _isMounted; attempt++)
        {
            try
            {
                await RunAsync("umount", [Root]);
                _isMounted = false;
            }
            catch (InvalidOperationException) when (attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync();
        await _temp.DisposeAsync();
    }

    private static async Task RunAsync(string tool, string[] arguments)
    {
        var path = new[] { "/usr/sbin/", "/usr/bin/" }.Select(folder => folder + tool).FirstOrDefault(File.Exists) ?? tool;
        (await ProcessRunner.RunAsync(new(Require.Tool(path)) { Arguments = arguments }, CancellationToken.None)).EnsureSuccess();
    }
}
