using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Protocol.SigV4;
using Sluice.TestKit;

namespace Sluice.SystemTests;

/// <summary>A client of a server with one linked file system: makes tasks, cancels them and waits for their end, as clients do.</summary>
internal sealed class TaskClient : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly FsxClient _client;

    public TaskClient(string url, string accessKeyId, string secretAccessKey)
    {
        var keys = new SigningCredentials { AccessKeyId = accessKeyId, SecretAccessKey = secretAccessKey };
        _client = new FsxClient(_http, new Uri(url), new SigV4Signer(keys, "us-east-1", "fsx", TimeProvider.System), TimeProvider.System);
    }

    /// <summary>The linked file system.</summary>
    public string FileSystemId { get; set; } = "";

    /// <summary>Adopts a directory and links its root with <paramref name="repositoryPath"/>.</summary>
    public async Task LinkAsync(string root, string repositoryPath, CancellationToken cancellationToken)
    {
        var create = new CreateFileSystemRequest
        {
            FileSystemType = "LUSTRE",
            FileSystemTypeVersion = "2.15",
            StorageCapacity = 1200,
            SubnetIds = ["subnet-00000000000000000"],
            LustreConfiguration = new() { DeploymentType = "SCRATCH_2" },
            Tags = [new Tag { Key = "sluice:root", Value = root }],
        };
        FileSystemId = (await _client.SendAsync(FsxOperations.CreateFileSystem, create, cancellationToken)).FileSystem!.FileSystemId!;
        var link = new CreateDataRepositoryAssociationRequest { FileSystemId = FileSystemId, FileSystemPath = "/", DataRepositoryPath = repositoryPath };
        var id = (await _client.SendAsync(FsxOperations.CreateDataRepositoryAssociation, link, cancellationToken)).Association!.AssociationId!;
        var describe = new DescribeDataRepositoryAssociationsRequest { AssociationIds = [id] };
        while ((await _client.SendAsync(FsxOperations.DescribeDataRepositoryAssociations, describe, cancellationToken)).Associations![0].Lifecycle != "AVAILABLE")
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
    }

    /// <summary>Starts a task; of releases, one that takes files of any age.</summary>
    /// <param name="type">Its type, as EXPORT_TO_REPOSITORY.</param>
    /// <param name="paths">Its paths; none for everything.</param>
    /// <param name="reportPath">Where its report goes; null for none. Restores have none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="token">Repeated, it answers the task of the first time.</param>
    public async Task<string> CreateAsync(string type, IReadOnlyList<string> paths, string? reportPath, CancellationToken cancellationToken, string? token = null)
    {
        if (type == TaskTypes.Restore)
        {
            var restore = new CreateRestoreTaskRequest { FileSystemId = FileSystemId, Paths = paths, ClientRequestToken = token };
            return (await _client.SendAsync(SluiceOperations.CreateRestoreTask, restore, cancellationToken)).DataRepositoryTask!.TaskId!;
        }

        var request = new CreateDataRepositoryTaskRequest
        {
            Type = type,
            FileSystemId = FileSystemId,
            Paths = paths,
            ClientRequestToken = token,
            Report = reportPath is null
                ? new() { Enabled = false }
                : new() { Enabled = true, Path = reportPath, Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" },
            ReleaseConfiguration = type == TaskTypes.Release ? new() { DurationSinceLastAccess = new() { Unit = "DAYS", Value = 0 } } : null,
        };
        return (await _client.SendAsync(FsxOperations.CreateDataRepositoryTask, request, cancellationToken)).DataRepositoryTask!.TaskId!;
    }

    /// <summary>Cancels; answers the lifecycle, or the code of the refusal.</summary>
    public async Task<string> CancelAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            var request = new CancelDataRepositoryTaskRequest { TaskId = taskId };
            return (await _client.SendAsync(FsxOperations.CancelDataRepositoryTask, request, cancellationToken)).Lifecycle!;
        }
        catch (FsxClientException e)
        {
            return e.Code;
        }
    }

    public async Task<DataRepositoryTask> DescribeAsync(string taskId, CancellationToken cancellationToken) =>
        (await _client.SendAsync(
            SluiceOperations.DescribeTasks, new DescribeDataRepositoryTasksRequest { TaskIds = [taskId] }, cancellationToken)).DataRepositoryTasks![0];

    /// <summary>Waits for the task's end by asking.</summary>
    public async Task<DataRepositoryTask> EndAsync(string taskId, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Hang.Limit);
        while (true)
        {
            var task = await DescribeAsync(taskId, limit.Token);
            if (task.Lifecycle is "SUCCEEDED" or "FAILED" or "CANCELED") return task;
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Runs a task without a report to its end.</summary>
    public async Task<DataRepositoryTask> RunAsync(string type, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        await EndAsync(await CreateAsync(type, paths, reportPath: null, cancellationToken), cancellationToken);

    public void Dispose() => _http.Dispose();
}
