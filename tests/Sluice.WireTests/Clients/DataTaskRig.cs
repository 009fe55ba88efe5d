using Sluice.TestKit;

namespace Sluice.WireTests.Clients;

/// <summary>The real program with a tree on a file system that can be guarded, a directory on one that can't be, and a bucket that tells of no object while the
/// file <c>hold</c> exists.</summary>
internal sealed class DataTaskRig : IAsyncDisposable
{
    /// <summary>Files of the tree.</summary>
    public const int Files = 200;

    /// <summary>Files in flight at a time.</summary>
    public const int Movers = 4;

    private readonly TempDirectory _temp = TempDirectory.Create();
    private readonly FileSystemWatcher _watcher;
    private GuardedDisk? _disk;
    private Mount? _unguarded;
    private RgwBucket? _bucket;
    private S3Proxy? _proxy;
    private TaskCompletionSource _free = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DataTaskRig()
    {
        _watcher = new FileSystemWatcher(_temp.Path, "hold") { EnableRaisingEvents = true };
        _watcher.Deleted += (_, _) => Interlocked.Exchange(ref _free, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>The server.</summary>
    public SluiceServer Server => _disk!.Server!;

    /// <summary>Arguments of each script.</summary>
    public string[] Arguments => [Path.Combine(_disk!.Root, "tree"), Path.Combine(_temp["unguarded"], "tree"), _bucket!.Url, _temp["hold"]];

    public static async Task<DataTaskRig> StartAsync(CancellationToken cancellationToken)
    {
        var rig = new DataTaskRig();
        try
        {
            await rig.PrepareAsync(cancellationToken);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        Volatile.Read(ref _free).TrySetResult();
        if (_disk is not null) await _disk.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
        if (_bucket is not null) await _bucket.DisposeAsync();
        if (_unguarded is not null) await _unguarded.DisposeAsync();
        await _temp.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _disk = await GuardedDisk.CreateAsync("ext4", cancellationToken);
        Directory.CreateDirectory(_temp["unguarded"]);
        _unguarded = await Mount.TmpfsAsync(_temp["unguarded"]);
        Directory.CreateDirectory(_temp["unguarded/tree"]);
        var rgw = await RgwServer.GetAsync();
        _bucket = await rgw.CreateBucketAsync(cancellationToken);
        _proxy = rgw.StartProxy(Rule);
        await File.WriteAllTextAsync(_temp["sluice.json"], $$"""{ "engine": { "concurrency": {{Movers}} } }""", cancellationToken);
        await _disk.StartServerAsync(rgw.EnvironmentFor(_proxy), cancellationToken, "--allow-root", _temp["unguarded"], "--config", _temp["sluice.json"]);

        // Nobody gets at a file before there is a Hydrator.
        var tree = new TreeBuilder();
        for (var file = 1; file <= Files; file++) tree.File($"file-{file}", size: 10, seed: (ulong)file);
        tree.MakeIn(Directory.CreateDirectory(Path.Combine(_disk.Root, "tree")).FullName);
    }

    private ProxyAction Rule(ProxyRequest request) =>
        LooksAtObjects(request) && File.Exists(_temp["hold"]) ? ProxyAction.Forward.When(Volatile.Read(ref _free).Task) : ProxyAction.Forward;

    /// <summary>By a HEAD, or, as releases do, by a listing of just the keys of some files.</summary>
    private static bool LooksAtObjects(ProxyRequest request) =>
        request.Operation == "HeadObject" || (request.Operation == "ListObjects" && request.Query.GetValueOrDefault("prefix")?.EndsWith("/file-", StringComparison.Ordinal) == true);
}
