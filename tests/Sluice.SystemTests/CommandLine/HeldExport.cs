using Sluice.TestKit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>A running <c>sluice export</c> of a hundred small files and four large ones, wherever they come in the order of the scan, to the S3 server.
/// A proxy holds back all parts of the large files and twenty of the small ones, which are together as many as the program takes in hand at a time.</summary>
internal sealed class HeldExport : IAsyncDisposable
{
    /// <summary>How many files there are.</summary>
    public const int Files = SmallFiles + LargeFiles;

    private const int SmallFiles = 100;
    private const int LargeFiles = 4;
    private const int HeldFiles = 20 + LargeFiles;
    private const long LargeBytes = 17 << 20;

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TempDirectory _temp;
    private readonly RgwServer _server;
    private readonly TaskCompletionSource _inFlight = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Used by the proxy's one thread.
    private readonly HashSet<string> _held = [];

    private HeldExport(TempDirectory temp, RgwServer server, RgwBucket bucket)
    {
        (_temp, _server, Bucket) = (temp, server, bucket);
        Proxy = server.StartProxy(Rule);
    }

    /// <summary>The bucket, empty at first.</summary>
    public RgwBucket Bucket { get; }

    /// <summary>The proxy between the program and the server.</summary>
    public S3Proxy Proxy { get; }

    /// <summary>The program.</summary>
    public ProcessRunner Process { get; private set; } = null!;

    /// <summary>The program's state directory.</summary>
    public string State => _temp["state"];

    /// <summary>How many files were answered by the server before any was held.</summary>
    public int DoneBefore => Proxy.Requests.Count(request => IsSmallPut(request) && request.Action?.Release.IsCompleted == true && request.Status == 200);

    private string[] Arguments => ["export", _temp["src"], Bucket.Url, "--state", State, "--config", _temp["engine.json"]];

    /// <summary>Starts it; returns when all that is held is in flight.</summary>
    public static async Task<HeldExport> StartAsync(CancellationToken cancellationToken)
    {
        var server = await RgwServer.GetAsync();
        var tree = new TreeBuilder();
        for (var i = 0; i < SmallFiles; i++)
        {
            // Spread, because some file systems list files in the order in which they were made.
            if (i % (SmallFiles / LargeFiles) == 10) tree.Sparse($"src/large-{i}", LargeBytes, seed: 1);
            tree.Text($"src/small-{i}", $"content {i}");
        }

        var trial = new HeldExport(TempDirectory.Create().With(tree), server, await server.CreateBucketAsync(cancellationToken));
        try
        {
            await File.WriteAllTextAsync(trial._temp["engine.json"], $$"""{ "engine": { "concurrency": {{HeldFiles}} } }""", cancellationToken);
            trial.Process = await Cli.StartAsync(server.EnvironmentFor(trial.Proxy), cancellationToken, trial.Arguments);
            await trial._inFlight.Task.WaitAsync(Hang.Limit, cancellationToken);
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keys of the files that were begun so far, in order.</summary>
    public IEnumerable<string> StartedKeys() => Proxy.Requests
        .Where(request => request.StartsObject && !request.Key.StartsWith('.'))
        .Select(request => request.Key).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Lets what is held go on, and everything after it.</summary>
    public void Release() => _release.TrySetResult();

    /// <summary>Runs the same command line again, to its end.</summary>
    public Task<ProcessResult> RunAgainAsync(CancellationToken cancellationToken) =>
        Cli.RunProgramAsync(_server.EnvironmentFor(Proxy), cancellationToken, Arguments);

    /// <summary>Waits until the program has said a line on standard error.</summary>
    public async Task WaitForErrorAsync(string line, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Hang.Limit);
        while (!Process.ErrorLines.Contains(line))
        {
            if (Process.HasExited) throw new InvalidOperationException($"The program ended before it said '{line}': {string.Join('\n', Process.ErrorLines)}");
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        if (Process is not null) await Process.DisposeAsync();
        await Proxy.DisposeAsync();
        await Bucket.DisposeAsync();
        await _temp.DisposeAsync();
    }

    private ProxyAction Rule(ProxyRequest request)
    {
        var isHeld = request.Operation == "UploadPart" || (IsSmallPut(request) && (_held.Contains(request.Key) || _held.Count(IsSmall) < HeldFiles - LargeFiles));
        if (!isHeld) return ProxyAction.Forward;
        _held.Add(request.Key);
        if (_held.Count == HeldFiles) _inFlight.TrySetResult();
        return ProxyAction.Forward.When(_release.Task);
    }

    private static bool IsSmall(string key) => key.StartsWith("small-", StringComparison.Ordinal);

    private static bool IsSmallPut(ProxyRequest request) => request.Operation == "PutObject" && IsSmall(request.Key);
}
