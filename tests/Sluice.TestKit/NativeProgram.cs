namespace Sluice.TestKit;

/// <summary>Small C programs: what no test in C# can do is done by them. Each is compiled once a test run.</summary>
public static class NativeProgram
{
    private static readonly Lock Guard = new();
    private static readonly Dictionary<string, Task<string>> Built = [];

    /// <summary>The program of the folder <paramref name="name"/> in <c>tests/rigs</c>.</summary>
    public static Task<string> BuildAsync(string name) => BuildFolderAsync($"tests/rigs/{name}");

    /// <summary>The program of a folder of the repository.</summary>
    public static Task<string> BuildFolderAsync(string folder) => BuildAsync(folder, "", ["-pthread", "-ldl"]);

    /// <summary>The main file of such a folder as a shared library, with LIBRARY defined.</summary>
    public static Task<string> BuildLibraryAsync(string name) => BuildAsync($"tests/rigs/{name}", ".so", ["-DLIBRARY", "-shared", "-fPIC"]);

    private static Task<string> BuildAsync(string folder, string suffix, string[] flags)
    {
        lock (Guard) return Built.TryGetValue(folder + suffix, out var built) ? built : Built[folder + suffix] = CompileAsync(folder, suffix, flags);
    }

    private static async Task<string> CompileAsync(string relative, string suffix, string[] flags)
    {
        var name = Path.GetFileName(relative);
        var folder = SourceTree.Path(relative);
        var sources = suffix.Length > 0 ? [Path.Combine(folder, name + ".c")] : Directory.GetFiles(folder, "*.c");
        var output = SourceTree.Path($"artifacts/rigs/{name}{suffix}");
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);

        // Another test process may run the old one: it gets a new inode.
        var fresh = $"{output}.{Environment.ProcessId}";
        string[] common = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-format-truncation", "-Werror", "-o", fresh];
        var spec = new ProcessSpec(Require.Tool("gcc")) { Arguments = [.. common, .. sources, .. flags] };
        (await ProcessRunner.RunAsync(spec, CancellationToken.None)).EnsureSuccess();
        File.Move(fresh, output, overwrite: true);
        return output;
    }
}
