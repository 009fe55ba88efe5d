namespace Sluice.TestKit;

/// <summary>
/// The real program, <c>sluice serve</c>, in a process of its own: started on a free port, stopped, killed and started again on the same
/// data.
/// </summary>
public sealed class SluiceServer : IAsyncDisposable
{
    private const string ReadyLine = "Sluice is ready on ";

    private readonly SluiceServerOptions _options;
    private readonly TempDirectory? _ownedData;
    private ProcessRunner? _process;

    private SluiceServer(SluiceServerOptions options)
    {
        _options = options;
        _ownedData = options.DataDirectory is null ? TempDirectory.Create() : null;
        DataDirectory = options.DataDirectory ?? _ownedData!.Path;
    }

    /// <summary>Where it keeps its data.</summary>
    public string DataDirectory { get; }

    /// <summary>Base address of its API. It changes with every start.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The keys it made at its first start.</summary>
    public SluiceCredentials Credentials { get; private set; } = new("", "");

    /// <summary>The running process, or the last one.</summary>
    public ProcessRunner Process => _process ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>
    /// Starts one and waits until it accepts requests. InvalidOperationException: it ended instead; the message tells all it said.
    /// </summary>
    public static async Task<SluiceServer> StartAsync(SluiceServerOptions options, CancellationToken cancellationToken)
    {
        var server = new SluiceServer(options);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again on the same data, after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false })
            throw new InvalidOperationException("The server runs already.");
        if (_process is not null)
            await _process.DisposeAsync();
        var command = _options.Command ?? (string[])["dotnet", Require.File(SourceTree.Program)];
        _process = await ProcessRunner.StartAsync(
            new(command[0])
            {
                Arguments = [.. command.Skip(1), "serve", "--data", DataDirectory, "--listen", "127.0.0.1:0", .. _options.Arguments],
                Environment = _options.Environment,
            },
            cancellationToken);
        var line = await _process.WaitForLineAsync(
            line => line.StartsWith(ReadyLine, StringComparison.Ordinal), _options.Timeout, cancellationToken);
        Url = line[ReadyLine.Length..].TrimEnd();
        var credentials = await File.ReadAllTextAsync(Path.Combine(DataDirectory, "credentials"), cancellationToken);
        Credentials = SluiceCredentials.Parse(credentials, "sluice");
    }

    /// <summary>Asks it to stop (SIGTERM), waits for its end, and answers its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        Process.Terminate();
        return (await Process.WaitAsync(_options.Timeout, cancellationToken)).ExitCode;
    }

    /// <summary>Kills it in the midst of whatever it does (SIGKILL) and waits until it is gone.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Stops it well and starts it again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        _ = await StopAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Variables by which AWS clients reach its API with its keys.</summary>
    public IReadOnlyDictionary<string, string?> ClientEnvironment() => ClientEnvironment(Credentials);

    /// <summary>The same with other keys.</summary>
    public IReadOnlyDictionary<string, string?> ClientEnvironment(SluiceCredentials credentials) =>
        AwsClients.Environment(Url, credentials);

    /// <summary>Kills it, and deletes the data directory if it was made here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (_ownedData is not null)
            await _ownedData.DisposeAsync();
    }
}
