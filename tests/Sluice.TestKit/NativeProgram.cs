namespace Sluice.TestKit;

/// <summary>Small C programs of <c>tests/rigs</c>: what no test in C# can do is done by them. Each is compiled once a test run.</summary>
public static class NativeProgram
{
    private static readonly Lock Guard = new();
    private static readonly Dictionary<string, Task<string>> Built = [];

    /// <summary>The program of the folder <paramref name="name"/>.</summary>
    public static Task<string> BuildAsync(string name) => BuildAsync(name, "", ["-pthread", "-ldl"]);

    /// <summary>The source of that folder's main file as a shared library, with LIBRARY defined.</summary>
    public static Task<string> BuildLibraryAsync(string name) => BuildAsync(name, ".so", ["-DLIBRARY", "-shared", "-fPIC"]);

    private static Task<string> BuildAsync(string name, string suffix, string[] flags)
    {
        lock (Guard) return Built.TryGetValue(name + suffix, out var built) ? built : Built[name + suffix] = CompileAsync(name, suffix, flags);
    }

    private static async Task<string> CompileAsync(string name, string suffix, string[] flags)
    {
        var folder = SourceTree.Path($"tests/rigs/{name}");
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
