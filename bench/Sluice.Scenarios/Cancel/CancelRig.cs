using Sluice.Scenarios.Targets;
using Sluice.SystemTests;
using Sluice.TestKit;

namespace Sluice.Scenarios.Cancel;

/// <summary>
/// A running <c>sluice serve</c> with one linked directory, and between it and the S3 server a proxy whose log tells what began when: an observer that shares
/// nothing with what it observes.
/// </summary>
internal sealed class CancelRig : IAsyncDisposable
{
    private readonly TempDirectory _temp = TempDirectory.Create();
    private readonly S3Target _s3;
    private SluiceServer? _server;
    private TaskClient? _client;

    private CancelRig(S3Target s3) => (_s3, Proxy) = (s3, S3Proxy.Start(s3.Endpoint));

    /// <summary>The proxy.</summary>
    public S3Proxy Proxy { get; }

    /// <summary>A client of the server.</summary>
    public TaskClient Client => _client ?? throw new InvalidOperationException("It was not started.");

    /// <summary>The server.</summary>
    public SluiceServer Server => _server ?? throw new InvalidOperationException("It was not started.");

    /// <summary>The linked directory.</summary>
    public string Root => _temp["tree"];

    /// <summary>Starts everything and has <paramref name="makeTree"/> fill the directory.</summary>
    public static async Task<CancelRig> StartAsync(ScenarioContext context, long storeBytes, Action<string> makeTree, CancellationToken cancellationToken)
    {
        var rig = new CancelRig(await context.StartS3Async(storeBytes, cancellationToken));
        try
        {
            Directory.CreateDirectory(rig.Root);
            makeTree(rig.Root);
            await rig.StartServerAsync(context.Program, cancellationToken);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        await Proxy.DisposeAsync();
        await _s3.DisposeAsync();
        await _temp.DisposeAsync();
    }

    private async Task StartServerAsync(string program, CancellationToken cancellationToken)
    {
        var options = new SluiceServerOptions
        {
            DataDirectory = _temp["data"],
            Command = [program],
            Arguments = ["--allow-root", _temp.Path, "--s3-endpoint", Proxy.Endpoint],
            Environment = _s3.Environment,
        };
        _server = await SluiceServer.StartAsync(options, cancellationToken);
        _client = new TaskClient(_server.Url, _server.Credentials.AccessKeyId, _server.Credentials.SecretAccessKey);
        await _client.LinkAsync(Root, $"s3://{_s3.Bucket}/data", cancellationToken);
    }
}
