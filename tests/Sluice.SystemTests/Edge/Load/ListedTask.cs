using System.Text.Json;

namespace Sluice.SystemTests.Edge.Load;

/// <summary>A task as a listing tells of it.</summary>
internal sealed record ListedTask(string Id, string Lifecycle, bool HasEnd, long Total, long Succeeded, long Failed)
{
    public static ListedTask Of(JsonElement task)
    {
        var status = task.TryGetProperty("Status", out var found) ? found : default;
        return new(task.GetProperty("TaskId").GetString()!, task.GetProperty(nameof(Lifecycle)).GetString()!, task.TryGetProperty("EndTime", out _), Count("TotalCount"), Count("SucceededCount"), Count("FailedCount"));

        long Count(string name) => status.ValueKind == JsonValueKind.Object && status.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
    }

    /// <summary>Whether the task has ended and its counters close.</summary>
    public bool IsWhole => HasEnd && Lifecycle switch
    {
        "SUCCEEDED" => Failed == 0 && Succeeded == Total,
        "CANCELED" => Failed == 0 && Succeeded <= Total,
        _ => false,
    };
}
