using System.CommandLine;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Commands;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Completion;

/// <summary>Ids of the server that the command line names, for the shell. A server that does not answer at once has none.</summary>
internal static class IdCompletions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether an argument or option of this name is an id.</summary>
    public static bool Knows(string? name) => name is "FS-ID" or "DRA-ID" or "TASK-ID";

    /// <summary>The first page of ids.</summary>
    public static async Task<IEnumerable<string>> ListAsync(ApiCommand command, ParseResult parsed, string name, CommandContext context)
    {
        using var limit = new CancellationTokenSource(Patience, context.Time);
        try
        {
            using var server = command.Server.Connect(parsed);
            return name switch
            {
                "FS-ID" => ((await server.SendAsync(FsxOperations.DescribeFileSystems, new DescribeFileSystemsRequest(), limit.Token)).FileSystems ?? [])
                    .Select(item => item.FileSystemId!),
                "DRA-ID" => ((await server.SendAsync(
                    FsxOperations.DescribeDataRepositoryAssociations, new DescribeDataRepositoryAssociationsRequest(), limit.Token)).Associations ?? [])
                    .Select(item => item.AssociationId!),
                _ => ((await TaskDescriptions.ListAsync(server, new DescribeDataRepositoryTasksRequest(), limit.Token)).DataRepositoryTasks ?? [])
                    .Select(item => item.TaskId!),
            };
        }
        catch (Exception e) when (Failures.ExitCodeOf(e) is not null)
        {
            return [];
        }
    }
}
