using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Targets;

/// <summary>
/// An S3 endpoint that keeps nothing: nginx with one process, answering at once by the rules in <c>null-server.conf</c>. It takes so little of the
/// machine that the client alone is seen. Like AWS it answers a put with the checksum that came with it. It answers before it has read a content to its end, which is fine
/// for small files only.
/// </summary>
internal sealed class NullServer : S3Target
{
    /// <summary>The program.</summary>
    private const string Program = "/usr/sbin/nginx";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    private readonly TempDirectory _temp;
    private readonly int _port;
    private ProcessRunner? _nginx;

    private NullServer(TempDirectory temp, int port) => (_temp, _port) = (temp, port);

    /// <inheritdoc/>
    public override string Description => "nginx, one process on the same machine, that answers at once and keeps nothing";

    /// <inheritdoc/>
    public override string Endpoint => $"http://127.0.0.1:{_port}";

    /// <inheritdoc/>
    public override bool IsNull => true;

    /// <summary>Starts one.</summary>
    public static async Task<NullServer> StartAsync(CancellationToken cancellationToken)
    {
        _ = Require.Tool(Program);
        var server = new NullServer(TempDirectory.Create(), FreePort());
        try
        {
            await server.RunAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_nginx is not null) await _nginx.DisposeAsync();
        await _temp.DisposeAsync();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var rules = await File.ReadAllTextAsync(SourceTree.Path("bench/Sluice.Scenarios/Targets/null-server.conf"), cancellationToken);
        await File.WriteAllTextAsync(
            _temp["nginx.conf"],
            rules.Replace("@PORT@", _port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("@DIRECTORY@", _temp.Path, StringComparison.Ordinal),
            cancellationToken);
        _nginx = await ProcessRunner.StartAsync(new(Program) { Arguments = ["-p", _temp.Path, "-c", _temp["nginx.conf"], "-e", "stderr"] }, cancellationToken);
        var start = TimeProvider.System.GetTimestamp();
        while (!await IsListeningAsync(cancellationToken))
        {
            if (_nginx.HasExited || TimeProvider.System.GetElapsedTime(start) > LongestStart)
                throw new InvalidOperationException($"{Program} does not answer on port {_port}:\n{string.Join('\n', _nginx.ErrorLines)}");
            await Task.Delay(BetweenTries, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
