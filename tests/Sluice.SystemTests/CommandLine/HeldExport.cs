using Sluice.TestKit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>A running <c>sluice export</c> of one large and a hundred small files to the S3 server, with all that would complete an object held back by a proxy:
/// the parts of the large file and the puts of the small ones.</summary>
internal sealed class HeldExport : IAsyncDisposable
{
    private const int SmallFiles = 100;
    private const long LargeBytes = 20 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TempDirectory _temp;
    private readonly RgwServer _server;

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

    private string[] Arguments => ["export", _temp["src"], Bucket.Url, "--state", State];

    /// <summary>Starts it; returns when both the large file and a small one are in flight.</summary>
    public static async Task<HeldExport> StartAsync(CancellationToken cancellationToken)
    {
        var server = await RgwServer.GetAsync();
        var tree = new TreeBuilder().File("src/large", LargeBytes, seed: 1);
        for (var i = 0; i < SmallFiles; i++) tree.Text($"src/small-{i}", $"content {i}");
        var trial = new HeldExport(TempDirectory.Create().With(tree), server, await server.CreateBucketAsync(cancellationToken));
        try
        {
            trial.Process = await Cli.StartAsync(server.EnvironmentFor(trial.Proxy), cancellationToken, trial.Arguments);
            await trial.Proxy.WaitForAsync(request => request.Operation == "UploadPart", cancellationToken).WaitAsync(Limit, cancellationToken);
            await trial.Proxy.WaitForAsync(trial.IsSmallPut, cancellationToken).WaitAsync(Limit, cancellationToken);
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets what is held go on, and everything after it.</summary>
    public void Release() => _release.TrySetResult();

    /// <summary>Runs the same command line again, to its end.</summary>
    public Task<ProcessResult> RunAgainAsync(CancellationToken cancellationToken) =>
        Cli.RunProgramAsync(_server.EnvironmentFor(Proxy), cancellationToken, Arguments);

    /// <summary>Waits until the program has said a line on standard error.</summary>
    public async Task WaitForErrorAsync(string line, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
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

    private ProxyAction Rule(ProxyRequest request) =>
        request.Operation == "UploadPart" || IsSmallPut(request) ? ProxyAction.Forward.When(_release.Task) : ProxyAction.Forward;

    private bool IsSmallPut(ProxyRequest request) => request.Operation == "PutObject" && request.Key.StartsWith("small-", StringComparison.Ordinal);
}
