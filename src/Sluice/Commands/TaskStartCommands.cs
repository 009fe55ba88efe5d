using System.CommandLine;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Output;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice task export|import|release|restore</c>: each makes its request; printing or following the task is the same for all.</summary>
internal static class TaskStartCommands
{
    private const string Id = "fs-0123456789abcdef0";

    private delegate Task<DataRepositoryTask> Create(ParseResult parsed, ServerClient server, CancellationToken cancellationToken);

    public static Command Export(CommandContext context)
    {
        var (id, paths, report, tags) = (FileSystem(), Paths(), Report(), SharedOptions.Tags());
        return Start(
            context, "export", "Start an export of new and changed files and print the task's id.",
            [$"sluice task export {Id} --watch", $"sluice task export {Id} results raw/run-7 --report s3://bucket/project/reports"],
            [id, paths, report, tags],
            (parsed, server, token) => TaskRequests.CreateAsync(server, Request("EXPORT_TO_REPOSITORY", parsed, id, paths, report, tags), token));
    }

    public static ApiCommand Import(CommandContext context)
    {
        var (id, paths, report, tags) = (FileSystem(), RepositoryPaths(), Report(), SharedOptions.Tags());
        var command = Start(
            context, "import", "Start an import of the metadata of new and changed objects and print the task's id.",
            [$"sluice task import {Id} --watch", $"sluice task import {Id} s3://bucket/project/raw --report s3://bucket/project/reports"],
            [id, paths, report, tags],
            (parsed, server, token) => TaskRequests.CreateAsync(server, Request("IMPORT_METADATA_FROM_REPOSITORY", parsed, id, paths, report, tags), token));
        command.Details = "Files appear with their sizes, owners, modes and times; their data comes when they are first read, or with 'sluice restore'.";
        return command;
    }

    public static ApiCommand Release(CommandContext context)
    {
        var (id, paths, report, tags, age) = (FileSystem(), Paths(), Report(), SharedOptions.Tags(), SharedOptions.OlderThan());
        var command = Start(
            context, "release", "Start a release of the data of exported files and print the task's id.",
            [$"sluice task release {Id} --older-than 30 --watch", $"sluice task release {Id} raw/run-7"],
            [id, paths, age, report, tags],
            (parsed, server, token) =>
            {
                var request = TaskRequests.Release(parsed.GetRequiredValue(id), GivenOrAll(parsed, paths), parsed.GetValue(age));
                var (reportTo, tagged) = (TaskRequests.Report(parsed.GetValue(report)), TagArguments.Parse(parsed.GetValue(tags)));
                return TaskRequests.CreateAsync(server, request with { Report = reportTo, Tags = tagged }, token);
            });
        command.Details = PathCommands.ReleaseDetails;
        return command;
    }

    public static ApiCommand Restore(CommandContext context)
    {
        var (id, paths) = (FileSystem(), Paths());
        var command = Start(
            context, "restore", "Start a restore of the data of released files and print the task's id.",
            [$"sluice task restore {Id} --watch", $"sluice task restore {Id} raw/run-7"],
            [id, paths],
            (parsed, server, token) => TaskRequests.RestoreAsync(server, parsed.GetRequiredValue(id), GivenOrAll(parsed, paths), token));
        command.Details = "Such tasks are Sluice's own: 'sluice task' shows them, other clients of the FSx API don't see them.";
        return command;
    }

    private static ApiCommand Start(
        CommandContext context, string name, string summary, IReadOnlyList<string> examples, IReadOnlyList<Symbol> symbols, Create create)
    {
        var watch = new Option<bool>("--watch") { Description = "Follow the task until it ends." };
        return new ApiCommand(context, name, summary, examples, [.. symbols, watch], async (parsed, server, json, token) =>
        {
            var task = await create(parsed, server, token);
            if (parsed.GetValue(watch))
            {
                context.Error.WriteLine($"Task {task.TaskId}");
                return await new TaskWatcher(context, server).RunAsync(task.TaskId!, json, token);
            }

            if (json) Printer.Json(context, new() { DataRepositoryTask = task }, FsxJsonContext.Default.CreateDataRepositoryTaskResponse);
            else context.Out.WriteLine(task.TaskId);
            return ExitCodes.Success;
        });
    }

    private static CreateDataRepositoryTaskRequest Request(
        string type, ParseResult parsed, Argument<string> id, Argument<string[]> paths, Option<string?> report, Option<string[]> tags) => new()
        {
            ClientRequestToken = Tokens.New(),
            Type = type,
            FileSystemId = parsed.GetRequiredValue(id),
            Paths = GivenOrAll(parsed, paths),
            Report = TaskRequests.Report(parsed.GetValue(report)),
            Tags = TagArguments.Parse(parsed.GetValue(tags)),
        };

    private static string[]? GivenOrAll(ParseResult parsed, Argument<string[]> paths) => parsed.GetValue(paths) is { Length: > 0 } given ? given : null;

    private static Argument<string> FileSystem() => new("FS-ID") { Description = "The file system." };

    private static Argument<string[]> Paths() => new("PATH")
    {
        Description = "Paths in the file system; without one, all of it.", Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [],
    };

    private static Argument<string[]> RepositoryPaths() => new("S3-PATH")
    {
        Description = "s3://bucket or s3://bucket/prefix; without one, all linked repositories.", Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [],
    };

    private static Option<string?> Report() => new("--report")
    {
        Description = "Write a completion report of failed files beneath this path.", HelpName = "S3-PATH",
    };
}
