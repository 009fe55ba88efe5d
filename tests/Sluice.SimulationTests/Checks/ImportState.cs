using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Checks;

/// <summary>What must hold of an imported disk when all is over: one more import makes it what the bucket says, and another finds nothing to do (C5, C7, C9).</summary>
internal sealed class ImportState(World world, SimulationPlan plan, LinkedDisk link)
{
    private const uint Permissions = ObjectPosixMetadata.ImportedPermissions;

    private readonly int _stale = link.Importable().Count(item => link.InodeOf(item.Key) is not { } inode || !LinkedDisk.IsOf(inode, item.Value));

    private readonly Dictionary<string, Standing> _standings = link.Exported().ToDictionary(link.KeyOf, link.StandingOf);

    /// <summary>After the import.</summary>
    public void CheckImport(RepositoryTask task)
    {
        CheckEnd(task);
        if (task.Progress is not { } progress || progress.SucceededCount < _stale || progress.SucceededCount > link.Importable().Count())
            world.Violate($"C7: the last import counts {task.Progress}, {_stale} were left");
        foreach (var (key, stored) in link.Importable())
        {
            if (link.InodeOf(key) is { } inode) Check(inode, stored);
            else world.Violate($"C7: '{key}' was not imported");
        }
    }

    /// <summary>After another one.</summary>
    public void CheckIdle(RepositoryTask task)
    {
        CheckEnd(task);
        if ((task.Progress?.TotalCount ?? 0) != Refused(link)) world.Violate($"C7: an import of what is imported counts {task.Progress}");
    }

    /// <summary>After an export of what was imported: only of directories the bucket had no object.</summary>
    public void CheckExport(RepositoryTask task, IReadOnlySet<string> written)
    {
        var isUnsealed = plan.Rates.Calls > 0 || plan.Ends.Count > 0;
        if (task.Lifecycle != TaskLifecycle.Succeeded) world.Violate($"the export of what was imported ended {task.Lifecycle}: {task.FailureMessage}");

        // A record that a failing disk, or a death, did not let seal anew says that the file may have been touched.
        foreach (var key in written.Where(key => !key.EndsWith('/') && key.Length > 0 && !(isUnsealed && _standings[key] == Standing.Suspect)))
            world.Violate($"C7: an export of what was imported sent '{key}', which was {_standings.GetValueOrDefault(key)}");
    }

    private void CheckEnd(RepositoryTask task)
    {
        var expected = Refused(link) > 0 ? TaskLifecycle.Failed : TaskLifecycle.Succeeded;
        if (task.Lifecycle != expected || task.Progress?.FailedCount != Refused(link))
            world.Violate($"the last import ended {task.Lifecycle}: {task.FailureMessage} {link.ReportOf(task)}");
    }

    private void Check(Inode inode, StoredObject stored)
    {
        if (!LinkedDisk.IsOf(inode, stored)) world.Violate($"C7: '{inode.Path}' is imported, but not of its object");
        if (!inode.IsDirectory && !inode.Written.AsSpan().SequenceEqual(stored.Content))
            world.Violate($"C7: '{inode.Path}' is imported with another content than its object's");
        var said = ObjectPosixMetadata.Of(stored.Metadata.User);
        if (said.IsSymlink != inode.IsSymlink) world.Violate($"C7: '{inode.Path}' is imported as something else");
        if (link.Touched.Contains(link.KeyOf(inode))) return;
        if ((said.Uid ?? inode.Uid) != inode.Uid || (said.Gid ?? inode.Gid) != inode.Gid)
            world.Violate($"C7: '{inode.Path}' is {inode.Uid}:{inode.Gid}, its object says {said}");
        if (!inode.IsSymlink && said.Permissions is { } mode && mode != (inode.Mode & Permissions))
            world.Violate($"C7: '{inode.Path}' has the mode {Convert.ToString(inode.Mode, 8)}, its object says {said}");
        // What a restore moved that a failing disk did not let it put right, the next one does; what removing a temporary name moved, nobody.
        if (LinkedDisk.RecordOf(inode) is { IsRestoring: true } || (inode.IsDirectory && plan.Rates.Calls > 0)) return;
        if ((said.MtimeNs ?? inode.MtimeNs) != inode.MtimeNs) world.Violate($"C7: '{inode.Path}' has the time {inode.MtimeNs}, its object says {said}");
    }

    private static int Refused(LinkedDisk link) => link.Bucket.Objects.Keys.Count(key => key.Contains(BucketWriter.NoPath, StringComparison.Ordinal));
}
