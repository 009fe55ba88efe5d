namespace Sluice.Core.Tasks;

/// <summary>Counters of a task, in entries (files, directories, symlinks) the task acts on. No value ever decreases while a task runs.</summary>
/// <param name="TotalCount">Entries found so far that need work; grows with the scan.</param>
/// <param name="SucceededCount">Entries done.</param>
/// <param name="FailedCount">Entries that failed; each one is a row of the completion report.</param>
/// <param name="TotalBytes">Content bytes of the entries counted in <paramref name="TotalCount"/>.</param>
/// <param name="SucceededBytes">Content bytes of the entries counted in <paramref name="SucceededCount"/>.</param>
public readonly record struct TaskProgress(
    long TotalCount, long SucceededCount, long FailedCount, long TotalBytes = 0, long SucceededBytes = 0);
