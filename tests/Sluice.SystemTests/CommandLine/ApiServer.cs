using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>One server for the tests of a class, with an allowed root.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public SluiceServer Server { get; private set; } = null!;

    /// <summary>Directory whose children may be adopted; <c>bucket-1</c> and <c>bucket-2</c> are buckets.</summary>
    public TempDirectory Temp { get; } = TempDirectory.Create();

    public async ValueTask InitializeAsync()
    {
        Server = await SluiceServer.StartAsync(new() { Arguments = ["--allow-root", Temp.Path], Environment = Cli.Bare }, CancellationToken.None);
        foreach (var bucket in new[] { "bucket-1", "bucket-2" }) Directory.CreateDirectory(Path.Combine(Server.DataDirectory, "buckets", bucket));
    }

    /// <summary>Runs a command against it.</summary>
    internal Task<ProcessResult> RunAsync(params IReadOnlyList<string> arguments) =>
        Cli.RunAsync(new Dictionary<string, string?> { ["SLUICE_DATA"] = Server.DataDirectory }, arguments);

    /// <summary>Runs a command that must succeed and answers its first line.</summary>
    internal async Task<string> AskAsync(params IReadOnlyList<string> arguments) => (await RunAsync(arguments)).EnsureSuccess().Output.Split('\n')[0];

    /// <summary>A file system over a new directory with <paramref name="tree"/>.</summary>
    internal Task<string> AdoptAsync(string name, TreeBuilder tree)
    {
        tree.MakeIn(Directory.CreateDirectory(Temp[name]).FullName);
        return AskAsync("fs", "create", "--root", Temp[name]);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Temp.DisposeAsync();
    }
}
