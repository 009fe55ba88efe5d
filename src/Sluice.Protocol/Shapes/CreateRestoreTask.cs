namespace Sluice.Protocol.Shapes;

/// <summary>Input of CreateRestoreTask.</summary>
public sealed record CreateRestoreTaskRequest
{
    /// <summary>The file system.</summary>
    public string? FileSystemId { get; init; }

    /// <summary>Paths in the file system, at most 100; none means all of it.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>Repeated, it answers the task of the first time.</summary>
    public string? ClientRequestToken { get; init; }
}

/// <summary>Output of CreateRestoreTask.</summary>
public sealed record CreateRestoreTaskResponse
{
    /// <summary>The task, of type RESTORE_DATA_TO_FILESYSTEM.</summary>
    public DataRepositoryTask? DataRepositoryTask { get; init; }
}
