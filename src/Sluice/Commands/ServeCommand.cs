using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Sluice.CommandLine.Configuration;
using Sluice.CommandLine.Help;
using Sluice.CommandLine.Serving;
using Sluice.Posix;
using Sluice.Server;
using Sluice.Server.Security;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice serve</c>.</summary>
internal static class ServeCommand
{
    private const string Details =
        """
        It prints one line, 'Sluice is ready on URL', when it accepts requests, and logs to standard error. Meanwhile DATA/endpoint
        holds the URL; DATA/credentials holds the keys, which are made at the first start.
        SIGTERM or Ctrl-C stops it; tasks under way go on at the next start. One server owns a data directory at a time.

        Buckets: by the configuration; else at --s3-endpoint or AWS_ENDPOINT_URL_S3 with the environment's credentials;
        else directories DATA/buckets/BUCKET.
        """;

    public static Command Make(CommandContext context)
    {
        var data = SharedOptions.Data();
        var listen = new Option<string>("--listen")
        {
            Description = "Address to listen on; port 0 takes a free one.", HelpName = "HOST:PORT", DefaultValueFactory = _ => ListenAddress.Default,
        };
        var s3Endpoint = SharedOptions.S3Endpoint();
        var allowRoot = new Option<string[]>("--allow-root")
        {
            Description = "Allow directories beneath PATH to be adopted as file systems; repeatable. None by default.", HelpName = "PATH",
        };
        var noHydrator = new Option<bool>("--no-hydrator") { Description = "Do not restore released files when they are opened: 'sluice hydrate' does." };
        var guardShared = new Option<bool>("--guard-shared")
        {
            Description = "Allow release and import also where 'sluice mount' has not mounted: after each reboot, files without data read as zeros there until a server has found them again.",
        };
        var config = new Option<string?>("--config") { Description = "Configuration file (JSON), see docs/CONFIGURATION.md.", HelpName = "FILE" };
        var command = new DocumentedCommand(
            "serve", "Run the server.",
            [
                "sluice serve --data /var/lib/sluice --allow-root /scratch",
                "AWS_PROFILE=storage sluice serve --s3-endpoint https://s3.example.org",
                "sluice serve --config /etc/sluice.json --listen 127.0.0.1:0",
            ])
        {
            data, listen, s3Endpoint, allowRoot, noHydrator, guardShared, config,
        };
        command.Details = Details;
        command.SetAction(async (parsed, token) =>
        {
            var file = parsed.GetValue(config) is { } path ? ConfigurationFile.Load(path) : new ConfigurationFile();
            var directory = Path.GetFullPath(parsed.GetValue(data) ?? context.DefaultData);
            var settings = SettingsFactory.Make(
                context, file, directory, ListenAddress.Parse(parsed.GetValue(listen)!), parsed.GetValue(s3Endpoint), parsed.GetValue(allowRoot) ?? [],
                parsed.GetValue(guardShared), parsed.GetValue(noHydrator));
            await ServeAsync(context, settings, token);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ServeAsync(CommandContext context, ServerSettings settings, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(context, settings, cancellationToken);
        var data = settings.Server.DataDirectory;
        using var endpoint = EndpointFile.Write(data, server.Url);
        await AnnounceAsync(context, server.Url);
        await context.Error.WriteLineAsync($"Keys: AWS_SHARED_CREDENTIALS_FILE={CredentialsFile.PathIn(data)} AWS_PROFILE={CredentialsFile.Profile}");
        if (!IPAddress.IsLoopback(settings.Listen.Address))
            await context.Error.WriteLineAsync("Warning: it listens beyond this machine, without encryption. Put a TLS proxy in front.");
        await server.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task AnnounceAsync(CommandContext context, string url)
    {
        try
        {
            await context.Out.WriteLineAsync($"Sluice is ready on {url}");
            await context.Out.FlushAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Standard output is closed: nobody wants the line. DATA/endpoint has the URL.
        }
    }

    private static async Task<SluiceServer> StartAsync(CommandContext context, ServerSettings settings, CancellationToken cancellationToken)
    {
        var data = settings.Server.DataDirectory;
        try
        {
            Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return await SluiceServer.StartAsync(settings, ServerLog.For(context), cancellationToken);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or PosixException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"The data directory '{data}' can't be used: {e.Message}", e);
        }
        catch (SocketException e)
        {
            throw new IOException($"The address {settings.Listen} can't be listened on: {e.Message}", e);
        }
    }
}
