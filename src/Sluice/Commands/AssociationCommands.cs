using System.CommandLine;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Help;
using Sluice.CommandLine.Output;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice dra create|list|show|update|delete</c>.</summary>
internal static class AssociationCommands
{
    public static Command Make(CommandContext context) => new DocumentedCommand(
        "dra", "Data repository associations: links between directories and buckets.",
        ["sluice dra create fs-0123456789abcdef0 / s3://bucket/project", "sluice dra list"])
    {
        Create(context), List(context), Show(context), Update(context), Delete(context),
    };

    private static Command Create(CommandContext context)
    {
        var id = new Argument<string>("FS-ID") { Description = "The file system." };
        var path = new Argument<string>("PATH") { Description = "Directory in the file system; / for all of it." };
        var repository = new Argument<string>("S3-PATH") { Description = "s3://bucket or s3://bucket/prefix." };
        var tags = SharedOptions.Tags();
        var import = new Option<bool>("--import") { Description = "Then import the bucket's metadata: a task of its own, see 'sluice task list'." };
        var noWait = SharedOptions.NoWait("the link");
        return new ApiCommand(
            context, "create", "Link a directory to a bucket and print the link's id. The bucket is checked before.",
            [
                "sluice dra create fs-0123456789abcdef0 / s3://bucket/project",
                "sluice dra create fs-0123456789abcdef0 /results s3://other-bucket/results --tag project=alpha --import",
            ],
            [id, path, repository, tags, import, noWait],
            async (parsed, server, json, token) =>
            {
                var request = new CreateDataRepositoryAssociationRequest
                {
                    ClientRequestToken = Tokens.New(),
                    FileSystemId = parsed.GetRequiredValue(id),
                    FileSystemPath = parsed.GetRequiredValue(path),
                    DataRepositoryPath = parsed.GetRequiredValue(repository),
                    BatchImportMetaDataOnCreate = parsed.GetValue(import) ? true : null,
                    Tags = TagArguments.Parse(parsed.GetValue(tags)),
                };
                var response = await server.SendAsync(FsxOperations.CreateDataRepositoryAssociation, request, token);
                var association = parsed.GetValue(noWait) ? response.Association! : await SettleAsync(context, server, response.Association!, token);
                if (json) Printer.Json(context, new() { Association = association }, FsxJsonContext.Default.CreateDataRepositoryAssociationResponse);
                else context.Out.WriteLine(association.AssociationId);
                return Outcome(context, association);
            });
    }

    private static Command List(CommandContext context)
    {
        var fileSystem = SharedOptions.FileSystem();
        return new ApiCommand(context, "list", "List associations.", ["sluice dra list", "sluice dra list --fs fs-0123456789abcdef0"], [fileSystem], async (parsed, server, json, token) =>
        {
            IReadOnlyList<Filter>? filters = parsed.GetValue(fileSystem) is { } id ? [new Filter { Name = "file-system-id", Values = [id] }] : null;
            var all = new List<DataRepositoryAssociation>();
            string? next = null;
            do
            {
                var page = await server.SendAsync(
                    FsxOperations.DescribeDataRepositoryAssociations,
                    new DescribeDataRepositoryAssociationsRequest { Filters = filters, NextToken = next }, token);
                all.AddRange(page.Associations ?? []);
                next = page.NextToken;
            }
            while (next is not null);

            if (json)
            {
                Printer.Json(
                    context, new DescribeDataRepositoryAssociationsResponse { Associations = all },
                    FsxJsonContext.Default.DescribeDataRepositoryAssociationsResponse);
            }
            else
            {
                Printer.Table(context, ["ID", "FILE SYSTEM", "STATE", "PATH", "REPOSITORY"], [.. all.Select(item => new[]
                {
                    item.AssociationId!, item.FileSystemId!, item.Lifecycle!, item.FileSystemPath!, item.DataRepositoryPath!,
                })]);
            }

            return ExitCodes.Success;
        });
    }

    private static Command Show(CommandContext context)
    {
        var id = new Argument<string>("DRA-ID") { Description = "The association." };
        return new ApiCommand(context, "show", "Show an association.", ["sluice dra show dra-0123456789abcdef0"], [id], async (parsed, server, json, token) =>
        {
            var item = await DescribeAsync(server, parsed.GetRequiredValue(id), token);
            if (json) Printer.Json(context, item, FsxJsonContext.Default.DataRepositoryAssociation);
            else
            {
                Printer.Details(
                    context, ("Id", item.AssociationId), ("File system", item.FileSystemId), ("State", item.Lifecycle),
                    ("Failure", item.FailureDetails?.Message), ("Path", item.FileSystemPath), ("Repository", item.DataRepositoryPath),
                    ("Created", Format.Time(item.CreationTime)), ("ARN", item.ResourceARN), ("Tags", Printer.Tags(item.Tags)));
            }

            return ExitCodes.Success;
        });
    }

    private static Command Update(CommandContext context)
    {
        var id = new Argument<string>("DRA-ID") { Description = "The association." };
        var chunk = new Option<int?>("--chunk-size") { Description = "ImportedFileChunkSize in MiB; stored and echoed.", HelpName = "MIB" };
        var noWait = SharedOptions.NoWait("the link");
        return new ApiCommand(
            context, "update", "Change an association; without options, check its bucket again.",
            ["sluice dra update dra-0123456789abcdef0", "sluice dra update dra-0123456789abcdef0 --chunk-size 2048"], [id, chunk, noWait],
            async (parsed, server, json, token) =>
            {
                var request = new UpdateDataRepositoryAssociationRequest
                {
                    ClientRequestToken = Tokens.New(), AssociationId = parsed.GetRequiredValue(id), ImportedFileChunkSize = parsed.GetValue(chunk),
                };
                var response = await server.SendAsync(FsxOperations.UpdateDataRepositoryAssociation, request, token);
                var association = parsed.GetValue(noWait) ? response.Association! : await SettleAsync(context, server, response.Association!, token);
                if (json) Printer.Json(context, new() { Association = association }, FsxJsonContext.Default.UpdateDataRepositoryAssociationResponse);
                else context.Out.WriteLine($"{association.AssociationId} {association.Lifecycle}");
                return Outcome(context, association);
            });
    }

    private static Command Delete(CommandContext context)
    {
        var id = new Argument<string>("DRA-ID") { Description = "The association." };
        var withData = new Option<bool>("--delete-data-in-file-system") { Description = "Also remove the directory's contents. Objects stay." };
        return new ApiCommand(
            context, "delete", "Unlink a directory. Objects are never touched, files only on request.",
            ["sluice dra delete dra-0123456789abcdef0", "sluice dra delete dra-0123456789abcdef0 --delete-data-in-file-system"], [id, withData],
            async (parsed, server, json, token) =>
            {
                var request = new DeleteDataRepositoryAssociationRequest
                {
                    ClientRequestToken = Tokens.New(), AssociationId = parsed.GetRequiredValue(id), DeleteDataInFileSystem = parsed.GetValue(withData),
                };
                var response = await server.SendAsync(FsxOperations.DeleteDataRepositoryAssociation, request, token);
                if (json) Printer.Json(context, response, FsxJsonContext.Default.DeleteDataRepositoryAssociationResponse);
                else context.Out.WriteLine($"{response.AssociationId} {response.Lifecycle}");
                return ExitCodes.Success;
            });
    }

    private static async Task<DataRepositoryAssociation> DescribeAsync(ServerClient server, string id, CancellationToken cancellationToken)
    {
        var request = new DescribeDataRepositoryAssociationsRequest { AssociationIds = [id] };
        return (await server.SendAsync(FsxOperations.DescribeDataRepositoryAssociations, request, cancellationToken)).Associations![0];
    }

    private static Task<DataRepositoryAssociation> SettleAsync(
        CommandContext context, ServerClient server, DataRepositoryAssociation association, CancellationToken cancellationToken) => Settling.WaitAsync(
        context, association, static item => item.Lifecycle, item => DescribeAsync(server, item.AssociationId!, cancellationToken), cancellationToken);

    private static int Outcome(CommandContext context, DataRepositoryAssociation association) =>
        Settling.Outcome(context, "the link", association.Lifecycle, association.FailureDetails?.Message);
}
