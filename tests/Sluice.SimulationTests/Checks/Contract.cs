using Sluice.Core.Faults;
using Sluice.Core.Files;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine.Ledger;
using Sluice.Repositories.Checksums;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Storage;

using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Checks;

/// <summary>
/// Watches a simulation for what must not happen at any moment: the cancel contract (C1 to C9) and the ledger's rules.
/// What can only be said of a whole task is said by <see cref="TaskBooks"/>, what of the end by <see cref="FinalState"/>.
/// </summary>
internal sealed class Contract : IRequestWatch
{
    private readonly World _world;
    private readonly SimulationPlan _plan;
    private readonly CatalogState _catalog;
    private readonly IReadOnlyList<LinkedDisk> _links;
    private readonly HashSet<TaskId> _canceled = [];
    private readonly Dictionary<TaskId, HashSet<string>> _begun = [];
    private readonly HashSet<TaskId> _repeated = [];

    public Contract(World world, SimulationPlan plan, CatalogState catalog, IReadOnlyList<LinkedDisk> links)
    {
        (_world, _plan, _catalog, _links) = (world, plan, catalog, links);
        catalog.OnTransition = OnTransition;
    }

    /// <summary>Keys of entries written since this was last cleared, per bucket; not reports.</summary>
    public Dictionary<string, HashSet<string>> Written { get; } = [];

    /// <summary>Tasks that ended in each way.</summary>
    public Dictionary<TaskLifecycle, int> Ended { get; } = [];

    /// <summary>Keys whose first side effect a task made in this life of the process.</summary>
    public IReadOnlySet<string> Begun(TaskId id) => _begun.GetValueOrDefault(id) ?? [];

    /// <summary>Whether a task was under way in more than one life.</summary>
    public bool IsRepeated(TaskId id) => _repeated.Contains(id);

    /// <summary>A life of the process is over: what had begun in it is cut off.</summary>
    public void OnDeath()
    {
        foreach (var task in _catalog.Tasks.Where(task => !task.Lifecycle.IsEnded() && task.StartTime is not null)) _repeated.Add(task.Id);
        _begun.Clear();
    }

    public void OnCancelAnswered(TaskId id, string lifecycle)
    {
        _world.Note("cancel answered", id.Value);
        _canceled.Add(id);
        var now = _catalog.Find(id)!.Lifecycle;
        if (now is not (TaskLifecycle.Canceling or TaskLifecycle.Canceled))
            _world.Violate($"C2: the cancel of {id} was answered with {lifecycle}, but {now} is what is committed");
    }

    public void OnCancelRefused(TaskId id, FaultCode code)
    {
        _world.Note("cancel refused", id.Value, (long)code);
        if (!_catalog.Find(id)!.Lifecycle.IsEnded()) _world.Violate($"C1: the cancel of {id} was refused ({code}) although it has not ended");
    }

    public void OnUpload(SimulatedBucket bucket, string key)
    {
        // What was sent may arrive a little later than the failure that ended the task.
        if (_catalog.Running(Of(bucket).Id) is not { } task) _world.Violate($"C6: a part of '{key}' was sent while no task of {Of(bucket).Id} is under way");

        // An upload that is taken up again passes the gate unseen; it may be answered before anything goes out.
        else if (!Of(bucket).IsReport(key)) BegunBy(task.Id).Add(key);
    }

    public void OnBegin(SimulatedBucket bucket, string key)
    {
        _world.Note("begin", key);
        var link = Of(bucket);
        if (_catalog.Running(link.Id) is not { } task)
        {
            _world.Violate($"a file began ('{key}') while no task of {link.Id} is under way");
            return;
        }

        if (BegunBy(task.Id).Add(key) && _canceled.Contains(task.Id)) _world.Violate($"C3: '{key}' began after the cancel of {task.Id} was answered");
    }

    private HashSet<string> BegunBy(TaskId id)
    {
        if (!_begun.TryGetValue(id, out var begun)) _begun[id] = begun = [];
        return begun;
    }

    public void OnWrite(SimulatedBucket bucket, string key)
    {
        var link = Of(bucket);
        if (_catalog.Running(link.Id) is null) _world.Violate($"C6: '{key}' was written while no task of {link.Id} is under way");
        if (link.IsReport(key) || !bucket.Objects.TryGetValue(key, out var stored)) return;
        if (!Written.TryGetValue(bucket.Name, out var written)) Written[bucket.Name] = written = [];
        written.Add(key);
        if (!link.Disk.Contents.Contains(Crc64Nvme.Hash(stored.Content))) _world.Violate($"the object '{key}' has a content that no file ever had");
    }

    public void OnSetAttribute(SimulatedDisk disk, Inode inode, string name, byte[] value)
    {
        _world.Note($"set {name}", inode.Path);
        if (LedgerRecord.TryDecode(value) is not { } record || !record.States.HasFlag(HsmStates.Archived)) return;
        var link = _links.First(link => link.Disk == disk);
        if (link.IsImported)
        {
            OnImportedRecord(link, inode, record);
            return;
        }

        // What has no name any more nobody exports or releases.
        if (inode.Parent is null && inode != disk.Root) return;
        if (record.States.HasFlag(HsmStates.Released) && !LinkedDisk.IsReleased(inode)) OnRelease(link, inode, record);
        if (link.ObjectAt(record.AddressHash) is not var (key, stored)) _world.Violate($"'{inode.Path}' is recorded as archived, but has no object");
        else if (LedgerHashes.Identity(stored.ETag) != record.IdentityHash) _world.Violate($"'{inode.Path}' is recorded as archived in another object than '{key}' is");
        else if (Crc64Nvme.Hash(stored.Content) != record.Checksum) _world.Violate($"'{inode.Path}' is recorded with another content than the object '{key}' has");
    }

    /// <summary>An import makes an entry: a side effect that is one entry's first, or belongs to one that has begun.</summary>
    public void OnMake(SimulatedDisk disk, string? name)
    {
        _world.Note("make", name ?? "");
        var link = _links.First(link => link.Disk == disk);
        if (_catalog.Running(link.Id) is not { Type: TaskType.ImportMetadata } task)
            _world.Violate($"an entry '{name}' was made while no import of {link.Id} is under way");
        else if (_canceled.Contains(task.Id))
            _world.Violate($"C3: an entry '{name}' was made after the cancel of {task.Id} was answered");
    }

    /// <summary>Others write into the bucket at any time: what a record tells of was there once.</summary>
    private void OnImportedRecord(LinkedDisk link, Inode inode, LedgerRecord record)
    {
        if (link.Bucket.ContentOf(record.IdentityHash) is not { } content)
        {
            // A directory's says so while entries are made in it.
            if (record.IdentityHash != 0 || !inode.IsDirectory) _world.Violate($"'{inode.Path}' is recorded as an object that never was");
            return;
        }

        if (!record.States.HasFlag(HsmStates.Released) || LinkedDisk.IsReleased(inode)) return;
        if (_catalog.Running(link.Id) is { Type: TaskType.ImportMetadata } && (inode.Parent is null || LinkedDisk.IsTemporary(inode)))
        {
            inode.Written = content;
            link.Disk.Contents.Add(record.Checksum);
        }
        else OnRelease(link, inode, record);
    }

    private void OnRelease(LinkedDisk link, Inode inode, LedgerRecord record)
    {
        if (_catalog.Running(link.Id) is not { Type: TaskType.Release } task || LedgerHashes.Tag(task.Id) != record.TaskTag)
        {
            _world.Violate($"'{inode.Path}' is released while no such task of {link.Id} is under way");
            return;
        }

        if (BegunBy(task.Id).Add(link.KeyOf(inode)) && _canceled.Contains(task.Id)) _world.Violate($"C3: '{inode.Path}' was released after the cancel of {task.Id} was answered");
        if (record.Checksum != Crc64Nvme.Hash(inode.Written)) _world.Violate($"'{inode.Path}' is released, and what was written to it is in no object");
    }

    private void OnTransition(RepositoryTask before, RepositoryTask after)
    {
        _world.Note($"now {after.Lifecycle}", after.Id.Value, after.Progress?.SucceededCount ?? -1);
        if (_canceled.Contains(after.Id) && after.Lifecycle is not (TaskLifecycle.Canceling or TaskLifecycle.Canceled))
            _world.Violate($"C2: {after.Id} became {after.Lifecycle} although its cancel was answered");
        if (after.Lifecycle == TaskLifecycle.Executing) CheckTurn(after);
        if (!after.Lifecycle.IsEnded()) return;
        Ended[after.Lifecycle] = Ended.GetValueOrDefault(after.Lifecycle) + 1;
        if (after.EndTime is null) _world.Violate($"C6: {after.Id} has ended without an end time");
        if (after.Type == TaskType.ImportMetadata && before.StartTime is not null) CheckLeftovers(after);
        if (before.StartTime is not null) new TaskBooks(_world, _plan, _links.First(link => link.Id == after.FileSystemId), this).Check(after);
        else if (Begun(after.Id).Count > 0) _world.Violate($"C3: {after.Id} was canceled before it started, and files began");
    }

    private void CheckLeftovers(RepositoryTask import)
    {
        // Where a name can't be removed, the next import needs it, or it stays.
        if (_plan.Rates.Calls > 0) return;
        var entries = _links.First(link => link.Id == import.FileSystemId).Disk.Inodes.SelectMany(inode => inode.Entries.Values);
        foreach (var (name, inode) in entries.Where(entry => LinkedDisk.IsTemporary(entry.Name))) _world.Violate($"C9: {import.Id} left '{name}' of '{inode.Path}'");
    }

    private void CheckTurn(RepositoryTask started)
    {
        foreach (var other in _catalog.Tasks.Where(task => task.FileSystemId == started.FileSystemId && task.Id != started.Id && !task.Lifecycle.IsEnded()))
        {
            if (other.StartTime is not null) _world.Violate($"{started.Id} started while {other.Id} of the same file system is under way");
            if (other.Lifecycle == TaskLifecycle.Pending && _catalog.Tasks.IndexOf(other) < _catalog.Tasks.IndexOf(started))
                _world.Violate($"{started.Id} started before {other.Id}, which was accepted earlier");
        }
    }

    private LinkedDisk Of(SimulatedBucket bucket) => _links.First(link => link.Bucket == bucket);
}
