using System.CommandLine;
using Microsoft.Extensions.Logging;
using Sluice.CommandLine.Configuration;
using Sluice.CommandLine.Help;
using Sluice.CommandLine.Serving;
using Sluice.Hydrator;
using Sluice.Hydrator.Guarding;
using Sluice.Hydrator.Hydration;
using Sluice.Posix;
using Sluice.Repositories.Resolving;
using Sluice.Server;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice hydrate</c>.</summary>
internal static class HydrateCommand
{
    private const string Details =
        """
        'sluice serve' does the same by itself, unless told --no-hydrator. One process does it for a data directory at a time. While none does,
        whoever opens a file without data waits.

        SIGTERM or Ctrl-C stops it. It can be killed at any moment: the next one goes on.
        Buckets are found as by 'sluice serve', with the same configuration file.
        """;

    public static Command Make(CommandContext context)
    {
        var data = SharedOptions.Data();
        var s3Endpoint = SharedOptions.S3Endpoint();
        var config = new Option<string?>("--config") { Description = "Configuration file for buckets and engine limits.", HelpName = "FILE" };
        var stall = new Option<int?>("--stall-seconds")
        {
            Description = "How long a restore may go on without progress before readers get an error; default 60.", HelpName = "SECONDS",
        };
        var command = new DocumentedCommand(
            "hydrate", "Restore released files when they are opened.", ["sluice hydrate --data /var/lib/sluice", "sluice hydrate --config /etc/sluice.json"])
        {
            data, s3Endpoint, config, stall,
        };
        command.Details = Details;
        command.SetAction(async (parsed, token) =>
        {
            var file = parsed.GetValue(config) is { } path ? ConfigurationFile.Load(path) : new ConfigurationFile();
            var directory = Path.GetFullPath(parsed.GetValue(data) ?? context.DefaultData);
            using var resolver = new RepositoryResolver(
                SettingsFactory.Repositories(context, file, Path.Combine(directory, "buckets"), parsed.GetValue(s3Endpoint)), context.Time);
            var options = SettingsFactory.Hydrator(file, directory, guardShared: false, parsed.GetValue(stall));
            return await HydrateAsync(context, options, file, resolver, token);
        });
        return command;
    }

    private static async Task<int> HydrateAsync(
        CommandContext context, HydratorOptions options, ConfigurationFile file, RepositoryResolver resolver, CancellationToken cancellationToken)
    {
        if (!FileSystemCalls.HasCapability(Capability.SysAdmin)) throw new UsageException("Restoring files when they are opened needs CAP_SYS_ADMIN; expected to be run as root.");
        if (HydratorService.WorkerOf(options.DataDirectory) is { } owner) throw new DataDirectoryInUseException(options.DataDirectory, owner);
        using var interruption = new Interruption();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption.First, cancellationToken);
        using var loggers = LoggerFactory.Create(ServerLog.For(context));
        using var held = new HeldGroups(options, context.Time, loggers);
        var guards = new GuardRegistry(options, held, context.Time, loggers);
        var engine = SettingsFactory.Engine(file.Engine, Path.Combine(options.DataDirectory, "tasks"));
        using var service = new HydratorService(options, held, guards, resolver, engine, context.Time, loggers);
        await held.StartAsync(stop.Token);
        await service.StartAsync(stop.Token);
        await context.Out.WriteLineAsync($"Restoring for {options.DataDirectory}");
        await context.Out.FlushAsync(CancellationToken.None);
        try
        {
            await Task.WhenAny(service.ExecuteTask!, held.ExecuteTask!, Task.Delay(Timeout.InfiniteTimeSpan, context.Time, stop.Token));
        }
        finally
        {
            await service.StopAsync(CancellationToken.None);
            await held.StopAsync(CancellationToken.None);
        }

        return ExitCodes.Success;
    }
}
