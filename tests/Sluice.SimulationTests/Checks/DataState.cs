using Sluice.Core.Tasks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Checks;

/// <summary>What must hold when all is over and all is exported: one more release takes the data of every file, one more restore brings it back (C5, C7, C9).</summary>
internal sealed class DataState(World world, LinkedDisk link)
{
    private const string Address = "trusted.sluice.object";

    private readonly int _resident = Files(link).Count(file => !LinkedDisk.IsReleased(file) || file.HasData);
    private readonly int _released = Files(link).Count(LinkedDisk.IsReleased);

    /// <summary>After the release.</summary>
    public void CheckReleased(RepositoryTask task)
    {
        CheckEnd(task, _resident);
        foreach (var file in Files(link).Where(file => file.HasData || !LinkedDisk.IsReleased(file) || !file.IsWatched || !file.Attributes.ContainsKey(Address)))
            world.Violate($"C7: '{file.Path}' was released, and {(file.HasData ? "has data" : "is not without its data as it should be")}");
    }

    /// <summary>After the restore.</summary>
    public void CheckRestored(RepositoryTask task)
    {
        CheckEnd(task, _released);
        foreach (var file in Files(link).Where(file => !file.IsRight || LinkedDisk.IsReleased(file) || file.IsWatched || file.Attributes.ContainsKey(Address)))
            world.Violate($"C7: '{file.Path}' was restored, and {(file.IsRight ? "is not resident as it should be" : "does not hold what was written to it")}");
    }

    private void CheckEnd(RepositoryTask task, int expected)
    {
        if (task.Lifecycle != TaskLifecycle.Succeeded) world.Violate($"the last {task.Type} ended {task.Lifecycle}: {task.FailureMessage} {link.ReportOf(task)}");
        if ((task.Progress?.SucceededCount ?? 0) != expected) world.Violate($"C7: the last {task.Type} counts {task.Progress}, {expected} were left");
    }

    private static IEnumerable<Inode> Files(LinkedDisk link) => link.Disk.Inodes.Where(inode => inode.IsFile && inode.Content.Length > 0);
}
