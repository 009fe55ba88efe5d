using Sluice.TestKit;

namespace Sluice.SystemTests.Hydration;

/// <summary>
/// One guarded disk with a directory for every row of the matrix, twice: <c>released</c>, whose files were exported and released, and <c>plain</c>, where
/// files with the same content and attributes never were.
/// </summary>
internal sealed class AccessDisk : IAsyncDisposable
{
    // Not a multiple of a block: the last one is the one that goes wrong.
    private const int FileBytes = (1 << 20) + 12_345;

    private static readonly DateTime Modified = new(2024, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly TempDirectory _elsewhere = TempDirectory.Create();
    private readonly string _program;

    private AccessDisk(HydrationRig rig, string program) => (Rig, _program) = (rig, program);

    public HydrationRig Rig { get; }

    public static async Task<AccessDisk> CreateAsync(string kind, CancellationToken cancellationToken)
    {
        var program = await NativeProgram.BuildAsync("access");
        var library = await NativeProgram.BuildLibraryAsync("access");
        var disk = new AccessDisk(await HydrationRig.StartAsync(kind, cancellationToken), program);
        try
        {
            foreach (var row in AccessRows.All.Values.Where(row => row.Kinds.Contains(kind)))
            {
                foreach (var folder in new[] { disk.Released(row), disk.Plain(row) }) Fill(folder, row, program, library);
            }

            await disk.Rig.ExportAndReleaseAsync(cancellationToken, "released");
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the row's released files are.</summary>
    public string Released(AccessRow row) => Path.Combine(Rig.Root, "released", row.Name);

    /// <summary>Where the row's ordinary files are.</summary>
    public string Plain(AccessRow row) => Path.Combine(Rig.Root, "plain", row.Name);

    /// <summary>Runs the row's command in a directory. Answers its exit code and all it said.</summary>
    public async Task<string> RunAsync(AccessRow row, string folder, CancellationToken cancellationToken)
    {
        var spec = new ProcessSpec("/bin/sh")
        {
            Arguments = ["-c", row.Command],
            WorkingDirectory = folder,
            Environment = new Dictionary<string, string?> { ["ACCESS"] = _program, ["ELSEWHERE"] = _elsewhere.Path },
        };
        var result = await ProcessRunner.RunAsync(spec, cancellationToken);
        return $"exit code {result.ExitCode}\n{result.Output}{result.Error}";
    }

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    private static void Fill(string folder, AccessRow row, string program, string library)
    {
        Directory.CreateDirectory(folder);
        var seed = (ulong)row.Name.Sum(letter => letter * 31L);
        var content = row.Name switch { "exec" => File.ReadAllBytes(program), "dlopen" => File.ReadAllBytes(library), _ => [] };
        byte[] file = [.. content, .. TestContent.Bytes(seed, FileBytes - content.Length)];
        foreach (var (name, bytes) in new[] { ("f", file), ("o", row.IsTwin ? file : TestContent.Bytes(seed + 1, FileBytes)) })
        {
            var path = Path.Combine(folder, name);
            File.WriteAllBytes(path, bytes);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.SetLastWriteTimeUtc(path, Modified);
        }
    }
}
