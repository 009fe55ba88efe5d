using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Client;

/// <summary>Asks for tasks, restore tasks included. Who may not ask for those, or speaks to something that has none, gets what the FSx API tells.</summary>
internal static class TaskDescriptions
{
    /// <summary>A page of tasks.</summary>
    public static async Task<DescribeDataRepositoryTasksResponse> ListAsync(
        ServerClient server, DescribeDataRepositoryTasksRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await server.SendAsync(SluiceOperations.DescribeTasks, request, cancellationToken);
        }
        catch (FsxClientException e) when (e.Code is "AccessDeniedException" or "UnknownOperationException")
        {
            return await server.SendAsync(FsxOperations.DescribeDataRepositoryTasks, request, cancellationToken);
        }
    }

    /// <summary>One task.</summary>
    public static async Task<DataRepositoryTask> FindAsync(ServerClient server, string taskId, CancellationToken cancellationToken) =>
        (await ListAsync(server, new DescribeDataRepositoryTasksRequest { TaskIds = [taskId] }, cancellationToken)).DataRepositoryTasks![0];
}
