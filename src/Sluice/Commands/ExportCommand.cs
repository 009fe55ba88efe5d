using System.CommandLine;
using Sluice.CommandLine.Configuration;
using Sluice.Core.Repositories;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice export</c>: the engine without a server.</summary>
internal static class ExportCommand
{
    public static Command Make(CommandContext context)
    {
        var source = new Argument<string>("SOURCE_DIR") { Description = "Directory to export." };
        var target = new Argument<string>("S3-PATH") { Description = "s3://bucket or s3://bucket/prefix." };
        var s3Endpoint = Options.S3Endpoint();
        var config = new Option<string?>("--config") { Description = "Configuration file for buckets and engine limits.", HelpName = "FILE" };
        var state = new Option<string?>("--state")
        {
            Description = "Directory for the journal of a run. Default: XDG_STATE_HOME/sluice, else ~/.local/state/sluice.", HelpName = "DIR",
        };
        var json = Options.Json();
        var command = new Command(
            "export",
            """
            Export a directory's new and changed files to a bucket, without a server. Run again, it sends only the rest.
            Ctrl-C cancels: files in flight are finished, no other begins. A second Ctrl-C aborts them and cleans up.

            Buckets are found as by 'sluice serve'; without an endpoint, in STATE/buckets/BUCKET.

            Examples:
              sluice export /scratch/project s3://bucket/project --s3-endpoint http://127.0.0.1:7480
              AWS_PROFILE=storage sluice export . s3://bucket
            """)
        {
            source, target, s3Endpoint, config, state, json,
        };
        command.SetAction(async (parsed, token) =>
        {
            var text = parsed.GetRequiredValue(target);
            if (!RepositoryPath.TryParse(text, out _)) throw new UsageException($"The target '{text}' is not valid; expected s3://bucket or s3://bucket/prefix.");
            var directory = Path.GetFullPath(parsed.GetRequiredValue(source));
            if (!Directory.Exists(directory)) throw new UsageException($"The source '{directory}' is no directory.");
            var file = parsed.GetValue(config) is { } path ? ConfigurationFile.Load(path) : new ConfigurationFile();
            var home = parsed.GetValue(state) ?? StandaloneExport.DefaultState(context);
            var repositories = SettingsFactory.Repositories(context, file, Path.Combine(home, "buckets"), parsed.GetValue(s3Endpoint));
            var export = new StandaloneExport(context, directory, text, home, repositories, file.Engine);
            return await export.RunAsync(parsed.GetValue(json), token);
        });
        return command;
    }
}
