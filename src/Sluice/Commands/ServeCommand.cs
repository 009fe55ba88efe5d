using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Configuration;
using Sluice.Server;
using Sluice.Server.Security;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice serve</c>.</summary>
internal static class ServeCommand
{
    private const string DefaultListen = "127.0.0.1:7580";

    public static Command Make(CommandContext context)
    {
        var data = Options.Data();
        var listen = new Option<string>("--listen")
        {
            Description = "Address to listen on; port 0 takes a free one.", HelpName = "HOST:PORT", DefaultValueFactory = _ => DefaultListen,
        };
        var s3Endpoint = Options.S3Endpoint();
        var allowRoot = new Option<string[]>("--allow-root")
        {
            Description = "Allow directories beneath PATH to be adopted as file systems; repeatable. None by default.", HelpName = "PATH",
        };
        var config = new Option<string?>("--config") { Description = "Configuration file (JSON), see docs/CONFIGURATION.md.", HelpName = "FILE" };
        var command = new Command(
            "serve",
            """
            Run the server. It prints one line, 'Sluice is ready on URL', when it accepts requests, and logs to standard error.
            SIGTERM stops it; tasks under way go on at the next start.

            Buckets: by the configuration; else at --s3-endpoint or AWS_ENDPOINT_URL_S3 with the environment's credentials;
            else directories DATA/buckets/BUCKET.

            Examples:
              sluice serve --data /var/lib/sluice --allow-root /scratch
              AWS_PROFILE=storage sluice serve --s3-endpoint https://s3.example.org
            """)
        {
            data, listen, s3Endpoint, allowRoot, config,
        };
        command.SetAction(async (parsed, token) =>
        {
            var file = parsed.GetValue(config) is { } path ? ConfigurationFile.Load(path) : new ConfigurationFile();
            var directory = Path.GetFullPath(parsed.GetValue(data) ?? context.DefaultData);
            var settings = SettingsFactory.Make(
                context, file, directory, ParseListen(parsed.GetValue(listen)!), parsed.GetValue(s3Endpoint), parsed.GetValue(allowRoot) ?? []);
            await ServeAsync(context, settings, token);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Logging to standard error, one line an event.</summary>
    public static void Log(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddConsole(console =>
        {
            console.FormatterName = Microsoft.Extensions.Logging.Console.ConsoleFormatterNames.Systemd;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });

    private static async Task ServeAsync(CommandContext context, ServerSettings settings, CancellationToken cancellationToken)
    {
        await using var server = await SluiceServer.StartAsync(settings, Log, cancellationToken);
        var data = settings.Server.DataDirectory;
        var endpointFile = Path.Combine(data, ServerOptionsGroup.EndpointFile);
        await File.WriteAllTextAsync(endpointFile, server.Url + "\n", cancellationToken);
        await context.Out.WriteLineAsync($"Sluice is ready on {server.Url}");
        await context.Out.FlushAsync(cancellationToken);
        await context.Error.WriteLineAsync($"Keys: AWS_SHARED_CREDENTIALS_FILE={CredentialsFile.PathIn(data)} AWS_PROFILE={CredentialsFile.Profile}");
        if (!IPAddress.IsLoopback(settings.Listen.Address))
            await context.Error.WriteLineAsync("Warning: it listens beyond this machine, without encryption. Put a TLS proxy in front.");
        await server.WaitForShutdownAsync(cancellationToken);
        File.Delete(endpointFile);
    }

    private static IPEndPoint ParseListen(string text)
    {
        var address = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text["localhost".Length..] : text;
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(address, out var endpoint)
            ? endpoint
            : throw new UsageException($"The address '{text}' can't be listened on; expected IP:PORT, as {DefaultListen}.");
    }
}
