using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.SimulationTests.Posix;

using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Checks;

/// <summary>What a task's counters and its report must say when it ends (C4, C7).</summary>
internal sealed class TaskBooks(World world, SimulationPlan plan, LinkedDisk link, Contract contract)
{
    public void Check(RepositoryTask task)
    {
        if (task.Progress is not { } progress) return;
        if (progress.SucceededCount + progress.FailedCount > progress.TotalCount) world.Violate($"C7: {task.Id} says more are done than found: {progress}");
        if (task.Lifecycle == TaskLifecycle.Succeeded && (progress.FailedCount > 0 || progress.SucceededCount != progress.TotalCount))
            world.Violate($"C7: {task.Id} succeeded with {progress}");
        CheckReport(task, progress);

        // Where users or failing attributes come in between, the ledger can't tell afterwards what was done.
        if (!plan.IsQuiet || plan.Rates.Calls > 0) return;
        var done = DoneBy(task).Select(link.KeyOf).ToHashSet();
        if (progress.SucceededCount != done.Count)
            world.Violate($"C7: {task.Id} counts {progress.SucceededCount} as done, the ledger {done.Count}: {string.Join(' ', done)}");
        if (contract.IsRepeated(task.Id) || plan.Rates.Catalog > 0) return;
        var unfinished = contract.Begun(task.Id).Except(done).ToList();
        if (unfinished.Count > progress.FailedCount)
            world.Violate($"C7: {task.Id} began {string.Join(' ', unfinished)} and counts them neither as done nor as failed ({progress})");
        if (plan.Rates.AreNone && unfinished.Count > 0) world.Violate($"C4: {task.Id} did not finish {string.Join(' ', unfinished)}");
    }

    private void CheckReport(RepositoryTask task, TaskProgress progress)
    {
        // What could not be written is told, of a canceled task in the log alone; an earlier life may have written another, which may be refused to be deleted.
        if (contract.IsRepeated(task.Id) && (plan.Rates.Refusals > 0 || (task.Lifecycle == TaskLifecycle.Canceled && plan.Rates.Requests > 0))) return;

        // Where nothing failed at last, one of an earlier life, which may have ended without a death, is only to be deleted; the log tells where that fails.
        if (progress.FailedCount == 0 && plan.Rates is not { Requests: 0, Refusals: 0, Outage.To.Ticks: 0 }) return;

        // A later life, as begins also where the catalog fails, that finds a path of the task gone, or can't open it or the root, does nothing at all and reports
        // nothing.
        if ((contract.IsRepeated(task.Id) || plan.Rates.Catalog > 0) && (plan.Rates.Calls > 0 || (task.Paths.Count > 0 && !plan.IsQuiet))) return;
        if (!task.Report.Enabled || task.FailureMessage?.Contains("report could not be written", StringComparison.Ordinal) == true) return;
        var rows = link.ReportOf(task)?.Split('\n')[..^1];

        // A directory that fails, and then can't be listed, has two rows.
        if (rows is not null && plan.Rates.Calls == 0 && rows.Distinct().Count() != rows.Length) world.Violate($"C7: the report of {task.Id} tells of a file twice");
        if (rows is not null ? rows.Length != progress.FailedCount : progress.FailedCount > 0 && plan.Rates is { Requests: 0, Refusals: 0, Outage.To.Ticks: 0 })
            world.Violate($"C7: the report of {task.Id} has {rows?.Length ?? 0} rows, {progress.FailedCount} files failed: {task.FailureMessage}");
    }

    private IEnumerable<Inode> DoneBy(RepositoryTask task)
    {
        var tag = LedgerHashes.Tag(task.Id);
        return link.Disk.Inodes.Where(inode => LinkedDisk.RecordOf(inode)?.TaskTag == tag);
    }
}
