using Sluice.Catalog;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.SimulationTests.Storage;

/// <summary>What is committed in the simulated catalog. It outlives the processes.</summary>
internal sealed class CatalogState
{
    private long _uploads;

    public List<FileSystem> FileSystems { get; } = [];

    public List<DataRepositoryAssociation> Associations { get; } = [];

    /// <summary>In the order in which they were accepted.</summary>
    public List<RepositoryTask> Tasks { get; } = [];

    public SortedDictionary<long, JournaledUpload> Uploads { get; } = [];

    /// <summary>A task's lifecycle has changed: what it was, and what it is.</summary>
    public Action<RepositoryTask, RepositoryTask>? OnTransition { get; set; }

    public RepositoryTask? Find(TaskId id) => Tasks.Find(task => task.Id == id);

    /// <summary>The task of a file system that is under way, in any process's eyes.</summary>
    public RepositoryTask? Running(FileSystemId id) =>
        Tasks.Find(task => task.FileSystemId == id && !task.Lifecycle.IsEnded() && task.StartTime is not null);

    public TransitionResult? Apply(TaskId id, TaskEvent taskEvent, TransitionDetails details)
    {
        if (Find(id) is not { } before) return null;
        var after = TaskTransitions.Next(before.Lifecycle, taskEvent);
        if (after is not { } next || next == before.Lifecycle) return new TransitionResult(before.Lifecycle, after);
        var time = Milliseconds(details.Time);
        Replace(before, before with
        {
            Lifecycle = next,
            StartTime = next == TaskLifecycle.Executing ? time : before.StartTime,
            EndTime = next.IsEnded() ? time : before.EndTime,
            FailureMessage = next == TaskLifecycle.Failed ? details.FailureMessage : before.FailureMessage,
            Progress = details.Progress ?? before.Progress,
            ProgressTime = details.Progress is null ? before.ProgressTime : time,
        });
        OnTransition?.Invoke(before, Find(id)!);
        return new TransitionResult(before.Lifecycle, after);
    }

    public void RecordProgress(TaskId id, TaskProgress progress, DateTimeOffset time)
    {
        if (Find(id) is not { EndTime: null } task) return;
        var stored = task.Progress.GetValueOrDefault();
        var (succeeded, failed) = (Math.Max(stored.SucceededCount, progress.SucceededCount), Math.Max(stored.FailedCount, progress.FailedCount));
        var greatest = new TaskProgress(
            Math.Max(Math.Max(stored.TotalCount, progress.TotalCount), succeeded + failed),
            succeeded,
            failed,
            Math.Max(stored.TotalBytes, progress.TotalBytes),
            Math.Max(stored.SucceededBytes, progress.SucceededBytes));
        Replace(task, task with { Progress = greatest, ProgressTime = Milliseconds(time) });
    }

    public long AddUpload(UploadIntent intent)
    {
        Uploads.Add(++_uploads, new JournaledUpload(_uploads, intent with { Time = Milliseconds(intent.Time) }, UploadId: null));
        return _uploads;
    }

    public bool SetUploadId(long number, string uploadId)
    {
        if (!Uploads.TryGetValue(number, out var journaled)) throw new CatalogException("There is no such journal entry.", isTransient: false);
        Uploads[number] = journaled with { UploadId = uploadId };
        return true;
    }

    private void Replace(RepositoryTask task, RepositoryTask by) => Tasks[Tasks.IndexOf(task)] = by;

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
