using System.CommandLine;
using Sluice.Catalog;
using Sluice.Posix;
using Sluice.Protocol.Client;
using Sluice.Repositories;
using Sluice.Server;

namespace Sluice.CommandLine.Commands;

/// <summary>The command tree, and the one place where failures become messages and exit codes.</summary>
internal static class Root
{
    private const string Description =
        """
        Sluice: a data repository service for POSIX file systems that speaks the Amazon FSx API.

        Examples:
          sluice demo                                     see everything once, on made-up files
          sluice serve --allow-root /scratch              start the server
          sluice fs create --root /scratch/project        adopt a directory as a file system
          sluice dra create FS-ID / s3://bucket/prefix    link it to a bucket
          sluice task export FS-ID --watch                export what is new or changed
          sluice export /scratch/project s3://bucket/p    the same without a server

        Exit codes: 0 success, 1 the work failed, 2 wrong usage or configuration, 3 server or data directory
        not available, 4 refused by the server, 5 canceled.
        """;

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        var root = new RootCommand(Description)
        {
            ServeCommand.Make(context),
            FileSystemCommands.Make(context),
            AssociationCommands.Make(context),
            TaskCommands.Make(context),
            ExportCommand.Make(context),
            FileCommands.Make(context),
            DemoCommand.Make(context),
            CompletionCommand.Make(context),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await context.Error.WriteLineAsync($"sluice: {error.Message}");
            await context.Error.WriteLineAsync("Try 'sluice --help'.");
            return ExitCodes.Usage;
        }

        try
        {
            // Ctrl-C and SIGTERM are the commands' own business: they finish what is in flight.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = context.Out, Error = context.Error,
            };
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception e) when (ExitCodeOf(e) is { } code)
        {
            await context.Error.WriteLineAsync($"sluice: {Message(e)}");
            return code;
        }
    }

    private static int? ExitCodeOf(Exception e) => e switch
    {
        UsageException => ExitCodes.Usage,
        FsxClientException => ExitCodes.Refused,
        HttpRequestException or DataDirectoryInUseException or CatalogException or InvalidDataException => ExitCodes.Unavailable,
        PosixException or RepositoryException => ExitCodes.Failed,
        IOException or UnauthorizedAccessException => ExitCodes.Unavailable,
        OperationCanceledException => ExitCodes.Canceled,
        _ => null,
    };

    private static string Message(Exception e) => e switch
    {
        FsxClientException refused => $"{refused.Code}: {refused.Message}",
        HttpRequestException => $"The server can't be reached: {e.Message} Start it with 'sluice serve', or name it with --endpoint.",
        OperationCanceledException => "canceled",
        _ => e.Message,
    };
}
