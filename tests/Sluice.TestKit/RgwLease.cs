using System.Diagnostics;

namespace Sluice.TestKit;

/// <summary>
/// A process's share in the machine's S3 server. Two files beside the server's root, locked as flock(2) does, so that a killed process
/// leaves no lock: <c>.lock</c> while it is started or stopped, <c>.users</c> shared by all who use it. Whoever can lock the latter for
/// itself alone is the last.
/// </summary>
internal sealed class RgwLease
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly string _root;
    private readonly IReadOnlyDictionary<string, string?> _rig;
    private readonly FileStream _use;

    private RgwLease(string root, IReadOnlyDictionary<string, string?> rig, FileStream use) => (_root, _rig, _use) = (root, rig, use);

    /// <summary>There when a test process, not a person or eng/test.sh, started the server: then the last process stops it.</summary>
    private string StopMark => $"{_root}.stop-with-last-test";

    /// <summary>Starts the server unless it runs, and counts this process among its users until it ends.</summary>
    public static async Task TakeAsync(string root, IReadOnlyDictionary<string, string?> rig)
    {
        await using var starting = await LockAsync($"{root}.lock");
        var use = new FileStream($"{root}.users", FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        var lease = new RgwLease(root, rig, use);
        var up = await ProcessRunner.RunAsync(
            new(SourceTree.Path("tests/rigs/rgw-up.sh")) { Arguments = ["memstore"], Environment = rig, Timeout = LongestStart },
            CancellationToken.None);
        _ = up.EnsureSuccess();
        var keep = Environment.GetEnvironmentVariable("SLUICE_TEST_RGW_KEEP") is { Length: > 0 };
        if (!keep && !up.Output.Contains("already up", StringComparison.Ordinal))
            await File.WriteAllTextAsync(lease.StopMark, "");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => lease.Release();
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        var time = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.Elapsed < LongestStart)
            {
                await Task.Delay(BetweenTries);
            }
        }
    }

    /// <summary>At the process's end, where nothing can be awaited.</summary>
    private void Release()
    {
        _use.Dispose();
        if (!File.Exists(StopMark))
            return;
        try
        {
            using var starting = new FileStream($"{_root}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var last = new FileStream($"{_root}.users", FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            File.Delete(StopMark);
            var start = new ProcessStartInfo(SourceTree.Path("tests/rigs/rgw-down.sh"), ["memstore", "wipe"]);
            foreach (var (name, value) in _rig)
                start.Environment[name] = value;
            // Nothing in it is worth a clean end.
            start.Environment["SIG"] = "-KILL";
            using var down = Process.Start(start);
            down?.WaitForExit();
        }
        catch (IOException)
        {
            // Another test process starts or uses it, and stops it in its turn.
        }
    }
}
