using System.Text;
using System.Text.Json;
using Sluice.Protocol.Operations;
using Sluice.TestKit;

namespace Sluice.SystemTests.Edge.Load;

/// <summary>A server with some linked file systems of small trees, clients that load it, and a look at what is left.</summary>
internal sealed class LoadRig : IAsyncDisposable
{
    private const int FileSystems = 4;
    private const int Directories = 12;
    private const int Clients = 64;

    private readonly List<string> _fileSystemIds = [];

    private LoadRig(EdgeServer edge) => Edge = edge;

    public EdgeServer Edge { get; }

    public static async Task<LoadRig> StartAsync(CancellationToken cancellationToken)
    {
        var rig = new LoadRig(await EdgeServer.StartAsync(cancellationToken));
        for (var number = 0; number < FileSystems; number++)
        {
            var root = Directory.CreateDirectory(rig.Edge.Temp[$"fs{number}"]).FullName;
            MakeTree(root);
            using var client = new TaskClient(rig.Edge.Server.Url, rig.Edge.Server.Credentials.AccessKeyId, rig.Edge.Server.Credentials.SecretAccessKey);
            await client.LinkAsync(root, $"s3://bucket-1/fs{number}", cancellationToken);
            rig._fileSystemIds.Add(client.FileSystemId);
        }

        return rig;
    }

    /// <summary>Loads the server for a while, waits until its tasks have ended, and answers what it holds then.</summary>
    public async Task<ProcessFacts> LoadAsync(TimeSpan time, int seed, LoadLog log, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource(time, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number =>
            new LoadClient(Edge, _fileSystemIds, log, new Random(seed + number)).RunAsync(stop.Token, cancellationToken)));
        while ((await TasksAsync(["PENDING", "EXECUTING", "CANCELING"], cancellationToken)).Count > 0) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        return Edge.Facts;
    }

    /// <summary>Every task in one of these lifecycles; in any, when none is named. In the listing's order.</summary>
    public async Task<List<ListedTask>> TasksAsync(IReadOnlyList<string> lifecycles, CancellationToken cancellationToken)
    {
        var filter = lifecycles.Count == 0 ? "" : $"\"Filters\":[{{\"Name\":\"task-lifecycle\",\"Values\":[{string.Join(',', lifecycles.Select(word => $"\"{word}\""))}]}}],";
        var tasks = new List<ListedTask>();
        for (var next = ""; ;)
        {
            var request = Edge.Administrator().Signed(FsxOperations.DescribeDataRepositoryTasks.Info.Target, Encoding.UTF8.GetBytes($"{{{filter}{next}\"MaxResults\":50}}"));
            using var answer = JsonDocument.Parse((await Edge.AskAsync(request, cancellationToken)).Answer.Body);
            tasks.AddRange(answer.RootElement.GetProperty("DataRepositoryTasks").EnumerateArray().Select(ListedTask.Of));
            if (!answer.RootElement.TryGetProperty("NextToken", out var token)) return tasks;
            next = $"\"NextToken\":\"{token.GetString()}\",";
        }
    }

    public ValueTask DisposeAsync() => Edge.DisposeAsync();

    private static void MakeTree(string root)
    {
        for (var directory = 0; directory < Directories; directory++)
        {
            Directory.CreateDirectory(Path.Combine(root, $"d{directory}"));
            for (var file = 0; file < 4; file++) File.WriteAllText(Path.Combine(root, $"d{directory}", $"f{file}"), $"content of {file}");
        }
    }
}
