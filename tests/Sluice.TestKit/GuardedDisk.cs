namespace Sluice.TestKit;

/// <summary>
/// A real file system in an image file, mounted with <c>sluice mount</c>, so that what is released on it can't be read as zeros. It has a data directory beside
/// it, for the server and the Hydrator. Disposal unmounts it and ends everything that was started for it.
/// </summary>
public sealed class GuardedDisk : IAsyncDisposable
{
    private readonly TempDirectory _temp;
    private bool _isMounted;

    private GuardedDisk(TempDirectory temp, string imagePath) => (_temp, ImagePath) = (temp, imagePath);

    /// <summary>Where it is mounted.</summary>
    public string Root => _temp["disk"];

    /// <summary>Where the server keeps its data.</summary>
    public string DataDirectory => _temp["data"];

    /// <summary>The image.</summary>
    public string ImagePath { get; }

    /// <param name="kind">ext4, xfs or btrfs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="imageFolder">Where the image lies; null for a place beside the rest.</param>
    public static async Task<GuardedDisk> CreateAsync(string kind, CancellationToken cancellationToken, string? imageFolder = null)
    {
        var temp = TempDirectory.Create();
        var disk = new GuardedDisk(temp, Path.Combine(imageFolder ?? temp.Path, "image"));
        try
        {
            Directory.CreateDirectory(disk.Root);
            Directory.CreateDirectory(disk.DataDirectory);
            await DiskImage.MakeAsync(kind, disk.ImagePath);
            await disk.MountAsync(cancellationToken);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Mounts it, as after <see cref="UnmountAsync"/>.</summary>
    public async Task MountAsync(CancellationToken cancellationToken)
    {
        await SluiceAsync(cancellationToken, "mount", "--data", DataDirectory, ImagePath, Root);
        _isMounted = true;
    }

    /// <summary>Unmounts it; fails while something is open on it.</summary>
    public async Task UnmountAsync(CancellationToken cancellationToken)
    {
        await SluiceAsync(cancellationToken, "umount", "--data", DataDirectory, Root);
        _isMounted = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted) await UnmountAsync(CancellationToken.None);
        await _temp.DisposeAsync();
    }

    private static async Task SluiceAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await ProcessRunner.RunAsync(new("dotnet") { Arguments = [Require.File(SourceTree.Program), .. arguments] }, cancellationToken)).EnsureSuccess();
}
