using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Client;

/// <summary>Starts tasks, each kind by its own operation.</summary>
internal static class TaskRequests
{
    /// <summary>CreateDataRepositoryTask.</summary>
    public static async Task<DataRepositoryTask> CreateAsync(ServerClient server, CreateDataRepositoryTaskRequest request, CancellationToken cancellationToken) =>
        (await server.SendAsync(FsxOperations.CreateDataRepositoryTask, request, cancellationToken)).DataRepositoryTask!;

    /// <summary>A release of what was not used for some days; 0 for whatever its age.</summary>
    public static CreateDataRepositoryTaskRequest Release(string fileSystemId, IReadOnlyList<string>? paths, long olderThanDays) => new()
    {
        ClientRequestToken = Tokens.New(),
        Type = "RELEASE_DATA_FROM_FILESYSTEM",
        FileSystemId = fileSystemId,
        Paths = paths,
        Report = Report(null),
        ReleaseConfiguration = new ReleaseConfiguration
        {
            DurationSinceLastAccess = new DurationSinceLastAccess { Unit = "DAYS", Value = olderThanDays },
        },
    };

    /// <summary>CreateRestoreTask.</summary>
    public static async Task<DataRepositoryTask> RestoreAsync(
        ServerClient server, string fileSystemId, IReadOnlyList<string>? paths, CancellationToken cancellationToken)
    {
        var request = new CreateRestoreTaskRequest { ClientRequestToken = Tokens.New(), FileSystemId = fileSystemId, Paths = paths };
        return (await server.SendAsync(SluiceOperations.CreateRestoreTask, request, cancellationToken)).DataRepositoryTask!;
    }

    /// <summary>A completion report beneath a path; none without one.</summary>
    public static CompletionReport Report(string? path) => path is null
        ? new CompletionReport { Enabled = false }
        : new CompletionReport { Enabled = true, Path = path, Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" };
}
