using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;

namespace Sluice.SystemTests.Faults;

/// <summary>A small tree, a bucket on the real S3 server, and a proxy between them that does harm: <c>sluice export</c> goes through it.</summary>
internal sealed class FaultyExport : IAsyncDisposable
{
    /// <summary>More than one part.</summary>
    private const long LargeBytes = 20 << 20;

    private readonly TempDirectory _temp;
    private readonly RgwServer _server;

    private FaultyExport(TempDirectory temp, RgwServer server, RgwBucket bucket, TreeBuilder tree)
    {
        (_temp, _server, Bucket, Tree) = (temp, server, bucket, tree);
        Proxy = server.StartProxy(_ => ProxyAction.Forward);
    }

    public RgwBucket Bucket { get; }

    public S3Proxy Proxy { get; }

    /// <summary>What is exported.</summary>
    public TreeBuilder Tree { get; }

    /// <summary>Root of the tree.</summary>
    public string Root => _temp["src"];

    public static async Task<FaultyExport> CreateAsync(CancellationToken cancellationToken)
    {
        var server = await RgwServer.GetAsync();
        var tree = new TreeBuilder().Text("src/a", "first").Text("src/b", "second").Text("src/c", "third")
            .Sparse("src/large", LargeBytes, seed: 7, new TreeExtent(0, 4096), new TreeExtent(LargeBytes - 5000, 5000));
        return new FaultyExport(TempDirectory.Create().With(tree), server, await server.CreateBucketAsync(cancellationToken), tree);
    }

    /// <summary>Does this to the first requests of an operation.</summary>
    public void Harm(string operation, int times, ProxyAction action)
    {
        var left = times;
        Proxy.Rule = request => request.Operation == operation && request.Key.Length > 0 && left-- > 0 ? action : ProxyAction.Forward;
    }

    /// <summary>Runs an action at the first requests of an operation for a key, before the server sees them.</summary>
    public void At(string operation, string key, int times, Action action)
    {
        var left = times;
        Proxy.Rule = request =>
        {
            if (request.Operation == operation && request.Key == key && left-- > 0) action();
            return ProxyAction.Forward;
        };
    }

    public Task<ProcessResult> RunAsync(CancellationToken cancellationToken) => Cli.RunProgramAsync(
        _server.EnvironmentFor(Proxy), cancellationToken, "export", Root, Bucket.Url, "--state", _temp["state"]);

    /// <summary>The lists of failed files of all exports so far.</summary>
    public async Task<string> FailuresAsync(CancellationToken cancellationToken)
    {
        var lists = Directory.GetFiles(_temp["state"], "failures.csv", SearchOption.AllDirectories);
        return string.Concat(await Task.WhenAll(lists.Select(path => File.ReadAllTextAsync(path, cancellationToken))));
    }

    /// <summary>Keys whose object isn't what the file holds, or is missing.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync(CancellationToken cancellationToken)
    {
        var keys = await Bucket.KeysAsync(cancellationToken);
        var wrong = new List<string>();
        foreach (var name in new[] { "a", "b", "c", "large" })
        {
            var content = await File.ReadAllBytesAsync(Path.Combine(Root, name), cancellationToken);
            var stored = keys.Contains(name) ? await Bucket.ReadAsync(name, cancellationToken) : null;
            if (stored is null || !content.AsSpan().SequenceEqual(stored)) wrong.Add(name);
        }

        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Bucket.DisposeAsync();
        await _temp.DisposeAsync();
    }
}
