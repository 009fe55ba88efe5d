using Sluice.Protocol.Constraints;
using Sluice.Protocol.Shapes;

namespace Sluice.Protocol.Operations;

/// <summary>Sluice's own operations, which the FSx API has no counterpart for: spoken, signed and refused like the others, under a target prefix of
/// their own. They serve Sluice's command line.</summary>
public static class SluiceOperations
{
    /// <summary>What precedes the operation in the <c>X-Amz-Target</c> header.</summary>
    public const string TargetPrefix = "Sluice_20261125.";

    /// <summary>Starts a task that brings the data of released files back.</summary>
    public static FsxOperation<CreateRestoreTaskRequest, CreateRestoreTaskResponse> CreateRestoreTask { get; } = new(
        new OperationInfo
        {
            Name = "CreateRestoreTask",
            InputName = nameof(CreateRestoreTaskRequest),
            OutputName = nameof(CreateRestoreTaskResponse),
            Errors = ["BadRequest", "FileSystemNotFound", "IncompatibleParameterError", "InternalServerError", "DataRepositoryTaskExecuting"],
            Input = SluiceInputShapes.CreateRestoreTaskRequest,
            IsOwn = true,
        },
        SluiceJsonContext.Default.CreateRestoreTaskRequest,
        SluiceJsonContext.Default.CreateRestoreTaskResponse);

    /// <summary>DescribeDataRepositoryTasks with the restore tasks, which the FSx API does not know.</summary>
    public static FsxOperation<DescribeDataRepositoryTasksRequest, DescribeDataRepositoryTasksResponse> DescribeTasks { get; } = new(
        OperationTable.Find("DescribeDataRepositoryTasks")! with { Name = "DescribeTasks", IsOwn = true },
        FsxJsonContext.Default.DescribeDataRepositoryTasksRequest,
        FsxJsonContext.Default.DescribeDataRepositoryTasksResponse);

    /// <summary>Tells in which file systems local paths lie.</summary>
    public static FsxOperation<ResolvePathsRequest, ResolvePathsResponse> ResolvePaths { get; } = new(
        new OperationInfo
        {
            Name = "ResolvePaths",
            InputName = nameof(ResolvePathsRequest),
            OutputName = nameof(ResolvePathsResponse),
            Errors = ["BadRequest", "InternalServerError"],
            Input = SluiceInputShapes.ResolvePathsRequest,
            IsOwn = true,
        },
        SluiceJsonContext.Default.ResolvePathsRequest,
        SluiceJsonContext.Default.ResolvePathsResponse);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OperationInfo> All { get; } = [CreateRestoreTask.Info, DescribeTasks.Info, ResolvePaths.Info];

    internal static OperationInfo? FromTarget(string target) => All.FirstOrDefault(operation => operation.Target == target);
}
