using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Sluice.TestKit;

/// <summary>
/// What a test needs from its machine. Where it is missing the test is skipped, but fails when the environment says <c>CI=true</c>: there
/// a missing tool is a fault of the build.
/// </summary>
public static class Require
{
    /// <summary>The Python the tests use: the distribution's, which sees the distribution's boto3.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>The AWS CLI the tests use.</summary>
    public const string Aws = "/usr/bin/aws";

    private static readonly ConcurrentDictionary<string, bool> Modules = new();

    /// <summary>A program, by name in <c>PATH</c> or by absolute path. Answers its absolute path.</summary>
    public static string Tool(string name)
    {
        var folders = Path.IsPathRooted(name) ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var found = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(System.IO.File.Exists);
        return found ?? throw Missing($"the program {name}");
    }

    /// <summary>Root's rights: other owners, device nodes, trusted attributes, servers that want them.</summary>
    public static void Root()
    {
        if (Libc.geteuid() != 0)
            throw Missing("root");
    }

    /// <summary>A file or directory that something else makes. Answers its path.</summary>
    public static string File(string path) => Path.Exists(path) ? path : throw Missing($"the file {path}");

    /// <summary>A module of <see cref="Python"/>.</summary>
    public static void PythonModule(string name)
    {
        _ = Tool(Python);
        if (!Modules.GetOrAdd(name, CanImport))
            throw Missing($"the Python module {name}");
    }

    /// <summary>Skips the running test, or fails it in CI, because <paramref name="what"/> is not there.</summary>
    internal static Exception Missing(string what) => Missing(what, Environment.GetEnvironmentVariable("CI") == "true");

    internal static Exception Missing(string what, bool ci)
    {
        var message = $"This test needs {what}, which is not here; eng/install-test-tools.sh installs what the tests need.";
        if (ci)
            Assert.Fail(message);
        else
            Assert.Skip(message);
        return new UnreachableException();
    }

    private static bool CanImport(string module)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {module}"]) { RedirectStandardError = true });
        process!.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
