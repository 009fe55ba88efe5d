using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>One server for the tests of a class, whose files lie on an ext4 file system of its own and are guarded. Buckets are directories.</summary>
public sealed class GuardedServer : IAsyncLifetime
{
    private readonly TempDirectory _data = TempDirectory.Create();
    private DiskImage? _disk;

    /// <summary>The server.</summary>
    public SluiceServer Server { get; private set; } = null!;

    /// <summary>A path on the file system.</summary>
    public string this[string name] => Path.Combine(_disk!.Root, name);

    public async ValueTask InitializeAsync()
    {
        _disk = await DiskImage.CreateAsync("ext4");
        Server = await SluiceServer.StartAsync(
            new() { DataDirectory = _data.Path, Arguments = ["--guard-shared", "--allow-root", _disk.Root], Environment = Cli.Bare }, CancellationToken.None);
        Directory.CreateDirectory(BucketPath(""));
    }

    /// <summary>Where the objects of the bucket are.</summary>
    public string BucketPath(string key) => Path.Combine(_data["buckets/bucket-1"], "objects", key);

    /// <summary>Runs a command against it.</summary>
    internal Task<ProcessResult> RunAsync(params IReadOnlyList<string> arguments) =>
        Cli.RunAsync(new Dictionary<string, string?> { ["SLUICE_DATA"] = Server.DataDirectory }, arguments);

    /// <summary>Runs a command that must succeed and answers its first line.</summary>
    internal async Task<string> AskAsync(params IReadOnlyList<string> arguments) => (await RunAsync(arguments)).EnsureSuccess().Output.Split('\n')[0];

    /// <summary>A file system over a new directory with <paramref name="tree"/>, linked to a prefix of its name, and the link; everything is exported.</summary>
    internal async Task<(string FileSystem, string Link)> ExportedAsync(string name, TreeBuilder tree)
    {
        tree.MakeIn(Directory.CreateDirectory(this[name]).FullName);
        var fs = await AskAsync("fs", "create", "--root", this[name]);
        var link = await AskAsync("dra", "create", fs, "/", $"s3://bucket-1/{name}");
        (await RunAsync("task", "export", fs, "--watch")).EnsureSuccess();
        return (fs, link);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            // Nothing is left without its data when what guards it goes.
            foreach (var line in (await RunAsync("fs", "list")).Output.Split('\n').Skip(1).Where(line => line.StartsWith("fs-", StringComparison.Ordinal)))
                await RunAsync("task", "restore", line.Split(' ')[0], "--watch");
            await Server.DisposeAsync();
            await GuardedDisk.KillHolderAsync(_data.Path);
        }

        if (_disk is not null) await _disk.DisposeAsync();
        await _data.DisposeAsync();
    }
}
