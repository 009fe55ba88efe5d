using System.Collections.Frozen;
using Sluice.Core.Tasks;
using Sluice.Protocol.Shapes;

namespace Sluice.Server.Operations;

/// <summary>Tasks from the catalog to the wire.</summary>
internal sealed class TaskShapes(Arns arns)
{
    private static readonly FrozenDictionary<string, TaskType> Types = Enum.GetValues<TaskType>().ToFrozenDictionary(Word);
    private static readonly FrozenDictionary<string, TaskLifecycle> Lifecycles = Enum.GetValues<TaskLifecycle>().ToFrozenDictionary(Word);

    public static TaskType ParseType(string word) => Types[word];

    public static TaskLifecycle? TryParseLifecycle(string word) => Lifecycles.TryGetValue(word, out var value) ? value : null;

    public static string Word(TaskType type) => type switch
    {
        TaskType.Export => "EXPORT_TO_REPOSITORY",
        TaskType.ImportMetadata => "IMPORT_METADATA_FROM_REPOSITORY",
        TaskType.Release => "RELEASE_DATA_FROM_FILESYSTEM",
        TaskType.AutoRelease => "AUTO_RELEASE_DATA",
        TaskType.Restore => "RESTORE_DATA_TO_FILESYSTEM",
    };

    public static string Word(TaskLifecycle lifecycle) => lifecycle switch
    {
        TaskLifecycle.Pending => "PENDING",
        TaskLifecycle.Executing => "EXECUTING",
        TaskLifecycle.Canceling => "CANCELING",
        TaskLifecycle.Canceled => "CANCELED",
        TaskLifecycle.Succeeded => "SUCCEEDED",
        TaskLifecycle.Failed => "FAILED",
    };

    public DataRepositoryTask ToWire(RepositoryTask task) => new()
    {
        TaskId = task.Id.Value,
        Lifecycle = Word(task.Lifecycle),
        Type = Word(task.Type),
        CreationTime = task.CreationTime,
        StartTime = task.StartTime,
        EndTime = task.EndTime,
        ResourceARN = arns.Of(task.Id),
        Tags = TagRules.ToWire(task.Tags),
        FileSystemId = task.FileSystemId.Value,
        Paths = task.Paths,
        FailureDetails = task.FailureMessage is { } message ? new DataRepositoryTaskFailureDetails { Message = message } : null,
        Status = task.StartTime is null ? null : StatusOf(task),
        Report = new Protocol.Shapes.CompletionReport
        {
            Enabled = task.Report.Enabled, Path = task.Report.Path, Format = task.Report.Format, Scope = task.Report.Scope,
        },
        ReleaseConfiguration = task.ReleaseAgeDays is { } days
            ? new ReleaseConfiguration { DurationSinceLastAccess = new DurationSinceLastAccess { Unit = "DAYS", Value = days } }
            : null,
    };

    private static DataRepositoryTaskStatus StatusOf(RepositoryTask task)
    {
        var progress = task.Progress ?? default;
        return new DataRepositoryTaskStatus
        {
            TotalCount = progress.TotalCount,
            SucceededCount = progress.SucceededCount,
            FailedCount = progress.FailedCount,
            LastUpdatedTime = task.ProgressTime ?? task.StartTime,
        };
    }
}
