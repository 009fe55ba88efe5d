using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sluice.TestKit;

/// <summary>
/// A real file system in an image, mounted by <c>sluice mount</c> with a data directory beside it: its files can be released. Disposal leaves nothing behind, even
/// when readers hang: server, then holder, then mount. Whatever else has the group (<see cref="StartHydratorAsync"/>) is to be disposed before.
/// </summary>
public sealed class GuardedDisk : IAsyncDisposable
{
    private readonly TempDirectory _temp;

    private GuardedDisk(TempDirectory temp, string imagePath) => (_temp, ImagePath) = (temp, imagePath);

    /// <summary>Where it is mounted.</summary>
    public string Root => _temp["disk"];

    /// <summary>The image.</summary>
    public string ImagePath { get; }

    /// <summary>The data directory.</summary>
    public string DataDirectory => _temp["data"];

    /// <summary>The server; null until <see cref="StartServerAsync"/>.</summary>
    public SluiceServer? Server { get; private set; }

    /// <summary>A place beside it, on another file system.</summary>
    public string Beside(string name) => _temp[name];

    /// <summary>A path on it.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Makes one and mounts it.</summary>
    /// <param name="kind">ext4, xfs or btrfs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="imageFolder">Where its image lies; null for a place beside the rest.</param>
    public static async Task<GuardedDisk> CreateAsync(string kind, CancellationToken cancellationToken, string? imageFolder = null)
    {
        Require.Root();
        var temp = TempDirectory.Create();
        var disk = new GuardedDisk(temp, Path.Combine(imageFolder ?? temp.Path, "image"));
        try
        {
            await DiskImage.MakeImageAsync(kind, disk.ImagePath);
            Directory.CreateDirectory(disk.Root);
            Directory.CreateDirectory(disk.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            (await disk.MountAsync(cancellationToken)).EnsureSuccess();
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <c>sluice mount</c>.</summary>
    public Task<ProcessResult> MountAsync(CancellationToken cancellationToken) => RunAsync(["mount", ImagePath, Root, "--data", DataDirectory], cancellationToken);

    /// <summary>Runs <c>sluice umount</c>.</summary>
    public Task<ProcessResult> UnmountAsync(CancellationToken cancellationToken) => RunAsync(["umount", Root, "--data", DataDirectory], cancellationToken);

    /// <summary>Starts a server that may adopt it and restores its files, with <paramref name="environment"/>, as <see cref="RgwServer.Environment"/>.</summary>
    public async Task<SluiceServer> StartServerAsync(
        IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        Server = await SluiceServer.StartAsync(
            new() { DataDirectory = DataDirectory, Arguments = ["--allow-root", Root, .. arguments], Environment = environment }, cancellationToken);
        return Server;
    }

    /// <summary>Starts a worker of its own (<c>sluice hydrate</c>) and waits until it works.</summary>
    public async Task<ProcessRunner> StartHydratorAsync(
        IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var worker = await ProcessRunner.StartAsync(Spec(["hydrate", "--data", DataDirectory, .. arguments]) with { Environment = environment }, cancellationToken);
        try
        {
            await worker.WaitForLineAsync(line => line.StartsWith("Restoring for ", StringComparison.Ordinal), Hang.Limit, cancellationToken);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>The holder's process; null when there is none.</summary>
    public int? HolderId => HolderOf(DataDirectory);

    /// <summary>The process that holds for a data directory; null when there is none.</summary>
    public static int? HolderOf(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, "hydrator", "holder.lock");
        if (ReadUnlocked(file) is not { } text || !int.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id)) return null;
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0') is var words && words.Contains("hold") && words.Contains(dataDirectory) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Kills the process that holds for a data directory (SIGKILL), if there is one, and waits until it is gone.</summary>
    public static async Task KillHolderAsync(string dataDirectory)
    {
        while (HolderOf(dataDirectory) is { } id)
        {
            _ = Libc.kill(id, Libc.SIGKILL);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();

        // With the last descriptor of the group nobody waits any more.
        await KillHolderAsync(DataDirectory);
        await DiskImage.UnmountAllAsync(Root);
        await _temp.DisposeAsync();
    }

    /// <summary>A short file's text, without the lock that File takes, which its owner has; null when there is none.</summary>
    private static string? ReadUnlocked(string file)
    {
        TreePath path = file;
        var descriptor = Libc.open(path.Terminated(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0) return null;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var buffer = new byte[64];
        var count = Libc.read(handle, buffer, (nuint)buffer.Length);
        return count >= 0 ? Encoding.ASCII.GetString(buffer, 0, (int)count) : null;
    }

    private static Task<ProcessResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ProcessRunner.RunAsync(Spec(arguments), cancellationToken);

    private static ProcessSpec Spec(IReadOnlyList<string> arguments) => new("dotnet") { Arguments = [Require.File(SourceTree.Program), .. arguments] };
}
