using System.Net;
using System.Text;
using Sluice.Protocol.Operations;
using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>A real server process whose edge is tried, with two buckets and a directory whose children may be adopted.</summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    private EdgeServer(SluiceServer server, TempDirectory temp) => (Server, Temp) = (server, temp);

    public SluiceServer Server { get; }

    /// <summary>The allowed root.</summary>
    public TempDirectory Temp { get; }

    public EndPoint Address => IPEndPoint.Parse(Host);

    /// <summary>Address and port.</summary>
    public string Host => new Uri(Server.Url).Authority;

    /// <summary>What the process holds.</summary>
    public ProcessFacts Facts => ProcessFacts.Of(Server.Process.Id);

    /// <summary>The faults in its log. That a body could not be read to its end because its connection broke is none, although the web server says so.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Server.Process.ErrorLines
            .Where(line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal))
            .Where(line => !line.Contains("automatic draining of the request body failed", StringComparison.Ordinal)),
    ];

    /// <summary>Starts one.</summary>
    public static async Task<EdgeServer> StartAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var temp = TempDirectory.Create();
        try
        {
            var server = await SluiceServer.StartAsync(
                new() { Arguments = ["--no-hydrator", "--allow-root", temp.Path, .. arguments], Environment = Cli.Bare }, cancellationToken);
            foreach (var bucket in new[] { "bucket-1", "bucket-2" }) Directory.CreateDirectory(Path.Combine(server.DataDirectory, "buckets", bucket));
            return new EdgeServer(server, temp);
        }
        catch
        {
            await temp.DisposeAsync();
            throw;
        }
    }

    /// <summary>The administrator.</summary>
    public ApiSigner Administrator() => new(Host, Server.Credentials.AccessKeyId, Server.Credentials.SecretAccessKey);

    /// <summary>Sends one request on a connection of its own; its answer has to be one of the API.</summary>
    public async Task<(RawAnswer Answer, string? Code)> AskAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var connection = await RawConnection.OpenAsync(Address, cancellationToken);
        await connection.SendAsync(request.ToBytes(), cancellationToken);
        var answer = await connection.ReceiveAsync(request.Method, cancellationToken) ?? throw new InvalidOperationException("The connection ended without an answer.");
        var violation = AnswerRules.Violation(answer, hasBody: true, out var code);
        Assert.True(violation is null, $"{violation}: {answer}");
        return (answer, code);
    }

    /// <summary>The server is well: it answers a good request, has logged no fault, and ends as it is told to.</summary>
    public async Task CheckWellAsync(CancellationToken cancellationToken)
    {
        var good = Administrator().Signed(FsxOperations.DescribeFileSystems.Info.Target, Encoding.ASCII.GetBytes("{}"));
        Assert.Null((await AskAsync(good, cancellationToken)).Code);
        Assert.Equal(0, await Server.StopAsync(cancellationToken));
        Assert.True(Faults.Count == 0, string.Join("\n", Faults));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Temp.DisposeAsync();
    }
}
