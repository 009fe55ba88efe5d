using System.CommandLine;
using Sluice.CommandLine.Configuration;
using Sluice.CommandLine.Export;
using Sluice.CommandLine.Help;
using Sluice.Core.Repositories;
using Sluice.Repositories.Resolving;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice export</c>: the engine without a server.</summary>
internal static class ExportCommand
{
    private const string Details =
        """
        Without a server. Run again, it sends only the rest: what is new, changed, or was not sent the last time.

        Ctrl-C cancels: files in flight are finished, no other begins (exit code 5). A second Ctrl-C aborts those in flight and removes
        what there is of them (exit code 130). A run that was killed is gone on with by the next one.

        Buckets are found as by 'sluice serve'; without an endpoint, a bucket is the directory STATE/buckets/BUCKET.
        The directory STATE/exports/ID holds the journal of an export and, when files failed, their list failures.csv
        (path,failed,code); its path is printed.
        """;

    public static Command Make(CommandContext context)
    {
        var source = new Argument<string>("SOURCE_DIR") { Description = "Directory to export." };
        var target = new Argument<string>("S3-PATH") { Description = "s3://bucket or s3://bucket/prefix." };
        var s3Endpoint = SharedOptions.S3Endpoint();
        var config = new Option<string?>("--config") { Description = "Configuration file for buckets and engine limits.", HelpName = "FILE" };
        var stateHome = new Option<string?>("--state")
        {
            Description = "Where journals are kept. Default: XDG_STATE_HOME/sluice, else ~/.local/state/sluice.", HelpName = "DIR",
        };
        var json = SharedOptions.Json();
        var command = new DocumentedCommand(
            "export", "Export a directory's new and changed files to a bucket.",
            [
                "sluice export /scratch/project s3://bucket/project --s3-endpoint http://127.0.0.1:7480",
                "AWS_PROFILE=storage sluice export . s3://bucket",
            ])
        {
            source, target, s3Endpoint, config, stateHome, json,
        };
        command.Details = Details;
        command.SetAction(async (parsed, token) =>
        {
            var text = parsed.GetRequiredValue(target);
            if (!RepositoryPath.TryParse(text, out var path))
                throw new UsageException($"The target '{text}' is not valid; expected s3://bucket or s3://bucket/prefix, the bucket named by S3's rules.");
            var directory = ExportRequest.FindSource(parsed.GetRequiredValue(source));
            var file = parsed.GetValue(config) is { } name ? ConfigurationFile.Load(name) : new ConfigurationFile();
            var home = Path.GetFullPath(parsed.GetValue(stateHome) ?? ExportState.DefaultHome(context));
            using var resolver = new RepositoryResolver(
                SettingsFactory.Repositories(context, file, Path.Combine(home, "buckets"), parsed.GetValue(s3Endpoint)), context.Time);
            var request = ExportRequest.Make(directory, path, resolver.Describe(path.Bucket));
            return await new StandaloneExport(context, resolver, file.Engine).RunAsync(request, home, parsed.GetValue(json), token);
        });
        return command;
    }
}
