using System.CommandLine;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Help;
using Sluice.CommandLine.Output;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice fs create|list|show|delete</c>.</summary>
internal static class FileSystemCommands
{
    public static Command Make(CommandContext context) => new DocumentedCommand(
        "fs", "File systems: directories that tasks work on.", ["sluice fs create --root /scratch/project", "sluice fs list"])
    {
        Create(context), List(context), Show(context), Delete(context),
    };

    private static Command Create(CommandContext context)
    {
        var root = new Option<string?>("--root")
        {
            Description = "An existing directory to adopt; it must lie beneath an --allow-root of the server. Default: a new directory of the server's.",
            HelpName = "DIR",
        };
        var capacity = new Option<int>("--capacity")
        {
            Description = "Storage capacity in GiB; only described, not enforced.", HelpName = "GIB",
            DefaultValueFactory = _ => FileSystemRequests.DefaultCapacityGiB,
        };
        var tags = SharedOptions.Tags();
        var noWait = SharedOptions.NoWait("the file system");
        return new ApiCommand(
            context, "create", "Create a file system and print its id.",
            ["sluice fs create --root /scratch/project", "sluice fs create --tag project=alpha --json"], [root, capacity, tags, noWait],
            async (parsed, server, json, token) =>
            {
                var directory = parsed.GetValue(root) is { } path ? Path.GetFullPath(path) : null;
                var request = FileSystemRequests.Create(directory, parsed.GetValue(capacity), TagArguments.Parse(parsed.GetValue(tags)));
                var made = (await server.SendAsync(FsxOperations.CreateFileSystem, request, token)).FileSystem!;
                if (!parsed.GetValue(noWait))
                    made = await Settling.WaitAsync(context, made, static item => item.Lifecycle, item => DescribeAsync(server, item.FileSystemId!, token), token);
                if (json) Printer.Json(context, new() { FileSystem = made }, FsxJsonContext.Default.CreateFileSystemResponse);
                else context.Out.WriteLine(made.FileSystemId);
                return Settling.Outcome(context, "the file system", made.Lifecycle, made.FailureDetails?.Message);
            });
    }

    private static Command List(CommandContext context) => new ApiCommand(
        context, "list", "List file systems.", ["sluice fs list", "sluice fs list --json | jq -r .FileSystems[].FileSystemId"], [],
        async (_, server, json, token) =>
        {
            var all = new List<FileSystem>();
            string? next = null;
            do
            {
                var page = await server.SendAsync(FsxOperations.DescribeFileSystems, new DescribeFileSystemsRequest { NextToken = next }, token);
                all.AddRange(page.FileSystems ?? []);
                next = page.NextToken;
            }
            while (next is not null);

            if (json) Printer.Json(context, new DescribeFileSystemsResponse { FileSystems = all }, FsxJsonContext.Default.DescribeFileSystemsResponse);
            else
            {
                Printer.Table(context, ["ID", "STATE", "CREATED", "ROOT"], [.. all.Select(item => new[]
                {
                    item.FileSystemId!, item.Lifecycle!, Format.Time(item.CreationTime), RootOf(item) ?? "(own directory)",
                })]);
            }

            return ExitCodes.Success;
        });

    private static Command Show(CommandContext context)
    {
        var id = new Argument<string>("FS-ID") { Description = "The file system." };
        return new ApiCommand(context, "show", "Show a file system.", ["sluice fs show fs-0123456789abcdef0"], [id], async (parsed, server, json, token) =>
        {
            var item = await DescribeAsync(server, parsed.GetRequiredValue(id), token);
            if (json) Printer.Json(context, item, FsxJsonContext.Default.FileSystem);
            else
            {
                Printer.Details(
                    context, ("Id", item.FileSystemId), ("State", item.Lifecycle), ("Failure", item.FailureDetails?.Message), ("Root", RootOf(item)),
                    ("Created", Format.Time(item.CreationTime)), ("Type", $"{item.FileSystemType} {item.FileSystemTypeVersion} {item.LustreConfiguration?.DeploymentType}"),
                    ("ARN", item.ResourceARN), ("Tags", Printer.Tags(item.Tags)));
            }

            return ExitCodes.Success;
        });
    }

    private static Command Delete(CommandContext context)
    {
        var id = new Argument<string>("FS-ID") { Description = "The file system." };
        return new ApiCommand(
            context, "delete", "Delete a file system. A directory the server made goes with its contents; an adopted one stays as it is.",
            ["sluice fs delete fs-0123456789abcdef0"], [id],
            async (parsed, server, json, token) =>
            {
                var request = new DeleteFileSystemRequest { ClientRequestToken = Tokens.New(), FileSystemId = parsed.GetRequiredValue(id) };
                var response = await server.SendAsync(FsxOperations.DeleteFileSystem, request, token);
                if (json) Printer.Json(context, response, FsxJsonContext.Default.DeleteFileSystemResponse);
                else context.Out.WriteLine($"{response.FileSystemId} {response.Lifecycle}");
                return ExitCodes.Success;
            });
    }

    private static async Task<FileSystem> DescribeAsync(ServerClient server, string id, CancellationToken cancellationToken)
    {
        var request = new DescribeFileSystemsRequest { FileSystemIds = [id] };
        return (await server.SendAsync(FsxOperations.DescribeFileSystems, request, cancellationToken)).FileSystems![0];
    }

    private static string? RootOf(FileSystem item) => item.Tags?.FirstOrDefault(tag => tag.Key == FileSystemRequests.RootTag)?.Value;
}
