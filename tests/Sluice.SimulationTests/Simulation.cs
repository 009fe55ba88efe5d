using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Mutations;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>
/// One seed's run:
/// <code>
/// disks, buckets, a process → tasks, cancels, users, faults, deaths and restarts
/// faults stop               → every task ends, nothing is left behind
/// one more export           → sends exactly the rest; another sends nothing; one more import → makes exactly the rest
/// one more release          → no file has its data; some are read; one more restore → all have it, and an export sends nothing; the process stops
/// </code>
/// </summary>
internal sealed class Simulation : IDisposable
{
    private static readonly TimeSpan FaultsLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan SweepLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    private readonly Chance _chance;
    private readonly World _world;
    private readonly SimulationPlan _plan;
    private readonly CatalogState _catalog = new();
    private readonly List<LinkedDisk> _links = [];
    private readonly SimulationState _state;
    private readonly Mutation _mutation;
    private readonly SimulationDirectory _work;
    private readonly List<BucketWriter> _writers = [];
    private readonly Users _users;
    private readonly Queue<LifeEnd> _ends;
    private readonly List<(long Points, TaskId Task)> _cancels = [];
    private SimulatedProcess? _process;
    private LifeEnd? _end;
    private bool _isStopping;
    private long _points;
    private long _bornAt;
    private int _expected;

    private Simulation(int seed, Func<Chance, SimulationPlan> plan, Mutation mutation, bool isRecording, DirectoryInfo work)
    {
        _chance = new Chance(seed);
        _world = new World(_chance, new Trace(isRecording));
        _plan = plan(_chance);
        _mutation = mutation;
        _work = new SimulationDirectory(work);
        for (var number = 1; number <= _plan.Disks; number++) _links.Add(Link(number, isImported: false));
        if (_plan.HasImports) AddImported();
        _users = new Users(_world, _links, _writers, _plan.UserActions, mutation.LongestWait, () => _isStopping ? null : _process);
        _ends = new Queue<LifeEnd>(_plan.Ends);
        var contract = new Contract(_world, _plan, _catalog, _links);
        _state = new SimulationState(_world, _plan, [.. _links.Select(link => link.Disk)], [.. _links.Select(link => link.Bucket)], _catalog, contract);
    }

    private bool AreAllEnded => _catalog.Tasks.Count == _expected && _catalog.Tasks.TrueForAll(task => task.Lifecycle.IsEnded());

    private bool IsNothingLeft => _catalog.Uploads.Count == 0 && _links.TrueForAll(link => link.Bucket.Uploads.Count == 0);

    /// <summary>Runs a seed.</summary>
    public static SimulationResult Run(int seed, Func<Chance, SimulationPlan> plan, Mutation mutation, DirectoryInfo work, bool isRecording = false)
    {
        using var simulation = new Simulation(seed, plan, mutation, isRecording, work);
        simulation.Run();
        return new SimulationResult(
            seed, simulation._world.Trace.Hash, simulation._world.Violations, simulation._world.Trace.Lines, simulation._points, simulation._state.Contract.Ended,
            simulation._process?.Calls.HasFailed == true);
    }

    public void Dispose()
    {
        _process?.Scheduler.Die();
        SimulatedLibc.Current = null;
        _work.Dispose();
    }

    private void Run()
    {
        _world.AtPoint = AtPoint;
        foreach (var link in _links)
        {
            for (var number = 0; number < _plan.Tasks; number++) Plan(NewAnyTask(link));
        }

        Start();
        _world.RunUntil(() => AreAllEnded || _world.Violations.Count > 0, FaultsLimit);
        EndFaults();
        if (!_world.RunUntil(() => (AreAllEnded && _process is not null) || _world.Violations.Count > 0, EndLimit))
            _world.Violate($"C6: not ended in {EndLimit}: {string.Join(", ", _catalog.Tasks.Where(task => !task.Lifecycle.IsEnded()).Select(task => $"{task.Id} {task.Lifecycle}"))}");
        if (!_world.RunUntil(() => IsNothingLeft || _world.Violations.Count > 0, SweepLimit))
            _world.Violate($"C9: left behind: uploads {string.Join(' ', _links.SelectMany(link => link.Bucket.Uploads.Keys))}, {_catalog.Uploads.Count} journal entries");
        if (!_world.RunUntil(() => _users.AreAllServed || _world.Violations.Count > 0, EndLimit)) _world.Violate("somebody waits for a file's data, without end");
        RemoveKeptNames();
        if (_world.Violations.Count == 0) MoveRest();
        if (_world.Violations.Count == 0) MoveNothing();
        if (_plan.IsGuarded)
        {
            if (_world.Violations.Count == 0) ReleaseAll();
            if (_world.Violations.Count == 0) RestoreAll();
            if (_world.Violations.Count == 0) ExportNothing();
        }

        if (_world.Violations.Count == 0) Stop();
        if (_process?.Scheduler.HasForeign == true) _world.Violate("a continuation came from another thread");
    }

    private void AddImported()
    {
        var link = Link(_plan.Disks + 1, isImported: true);
        _links.Add(link);
        _writers.Add(new BucketWriter(_world, link));
    }

    private LinkedDisk Link(int number, bool isImported)
    {
        var disk = new SimulatedDisk(_world, (uint)number, _plan.IsMultigrain) { HasNameless = _plan.HasNameless };
        var bucket = new SimulatedBucket(_world, $"bucket-{number}");
        var prefix = isImported ? "data/" : _chance.Pick("", "data/");
        var id = FileSystemId.Parse($"fs-{number:x17}");
        _catalog.FileSystems.Add(new FileSystem
        {
            Id = id, Lifecycle = FileSystemLifecycle.Available, RootPath = disk.RootPath, Adopted = true, Settings = "{}", CreationTime = DateTimeOffset.UnixEpoch,
        });
        _catalog.Associations.Add(new DataRepositoryAssociation
        {
            Id = AssociationId.Parse($"dra-{number:x17}"), FileSystemId = id, Lifecycle = AssociationLifecycle.Available, FileSystemPath = "/",
            DataRepositoryPath = $"s3://{bucket.Name}/{prefix}", BatchImportMetaDataOnCreate = false, ImportedFileChunkSizeMiB = 1024, CreationTime = DateTimeOffset.UnixEpoch,
        });
        return new LinkedDisk(id, disk, bucket, prefix) { IsImported = isImported };
    }

    private RepositoryTask NewAnyTask(LinkedDisk link)
    {
        var type = AnyType(link);
        return NewTask(link, type, _chance.Roll(0.7) ? [] : type == TaskType.ImportMetadata ? [.. _writers[0].SomePaths()] : [.. _users.SomePaths(link.Disk)]);
    }

    private TaskType AnyType(LinkedDisk link) => !_plan.IsGuarded ? TaskType.Export
        : link.IsImported ? _chance.Pick(TaskType.ImportMetadata, TaskType.ImportMetadata, TaskType.ImportMetadata, TaskType.Release, TaskType.Restore)
        : _chance.Pick(TaskType.Export, TaskType.Export, TaskType.Release, TaskType.Release, TaskType.Restore);

    private RepositoryTask NewTask(LinkedDisk link, TaskType type, IReadOnlyList<string> paths) => new()
    {
        Id = TaskId.Parse($"task-{++_expected:x17}"),
        FileSystemId = link.Id,
        Type = type,
        Lifecycle = TaskLifecycle.Pending,
        Paths = paths,
        Report = new CompletionReport { Enabled = true, Path = $"s3://{link.Bucket.Name}/{link.ReportsPrefix}", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" },
        CreationTime = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Somebody asks for a task at some time, and perhaps cancels it later.</summary>
    private void Plan(RepositoryTask task)
    {
        _world.In(TimeSpan.FromTicks(_chance.Spread(10, TimeSpan.FromSeconds(3).Ticks)), () => Create(task));
        if (_chance.Roll(_plan.CancelRate)) _cancels.Add((_chance.Spread(20, 4_000), task.Id));
    }

    private void Create(RepositoryTask task)
    {
        if (_catalog.Find(task.Id) is not null) return;
        if (_process is { } process && !_isStopping) process.Create(task with { CreationTime = DateTimeOffset.UnixEpoch.AddTicks(_world.NowNs / 100) });

        // The process may die before it has taken the task: clients ask again.
        _world.In(TimeSpan.FromSeconds(2), () => Create(task));
    }

    private void Start()
    {
        _isStopping = false;
        _end = _ends.Count > 0 ? _ends.Dequeue() : null;
        _bornAt = _points;
        _process = new SimulatedProcess(_state, _mutation, _work.Next());
        _world.Note("start", "");
    }

    private void AtPoint()
    {
        _points++;
        _users.AtPoint();
        if (_process is not { } process) return;
        for (var index = _cancels.Count - 1; index >= 0; index--)
        {
            if (_cancels[index].Points > _points || _isStopping || _catalog.Find(_cancels[index].Task) is null) continue;
            process.Cancel(_cancels[index].Task);
            _cancels.RemoveAt(index);
        }

        if (_end is { } end && _points - _bornAt >= end.Points && !_isStopping) End(process, end);
    }

    private void End(SimulatedProcess process, LifeEnd end)
    {
        if (!end.IsStop)
        {
            Die(process, end.Downtime);
            return;
        }

        _world.Note("stop", "");
        _isStopping = true;
        process.Stop(() => _world.In(TimeSpan.Zero, () => Die(process, end.Downtime)));
    }

    private void Die(SimulatedProcess process, TimeSpan downtime)
    {
        if (_process != process) return;
        if (process.Scheduler.HasForeign) _world.Violate("a continuation came from another thread");
        if (process.Failure is { } failure) _world.Violate($"the engine failed: {failure}");
        _world.Note("death", "");
        process.Scheduler.Die();
        _state.Contract.OnDeath();
        _process = null;
        _end = null;

        // What its buffers hold is lost, whoever flushes them later.
        _work.Keep();
        _world.In(downtime, Start);
    }

    private void EndFaults()
    {
        _plan.Rates.AreOver = true;
        _users.Stop();
        _ends.Clear();
        if (!_isStopping) _end = null;
        if (_process is { } process) process.Calls.FaultRate = 0;
    }

    /// <summary>Names that a failing disk did not let go of: its administrator removes them.</summary>
    private void RemoveKeptNames()
    {
        if (_plan.Rates.Calls == 0) return;
        foreach (var link in _links)
        {
            var names = link.Disk.Inodes.SelectMany(parent => parent.Entries.Values.Select(entry => (Parent: parent, entry.Name)));
            foreach (var (parent, name) in names.Where(entry => LinkedDisk.IsTemporary(entry.Name)).ToList())
            {
                var mtime = parent.MtimeNs;
                link.Disk.Unlink(parent, name);
                link.Disk.SetMtime(parent, mtime);
            }
        }
    }

    private void MoveRest()
    {
        _state.Contract.Written.Clear();
        var states = _links.ConvertAll(link => (Exported: new FinalState(_world, link), Imported: new ImportState(_world, _plan, link)));
        foreach (var (exported, _) in states.Where((_, index) => !_links[index].IsImported)) exported.CheckLedger();
        foreach (var (link, task) in RunEverywhere(LastType))
        {
            var (exported, imported) = states[_links.IndexOf(link)];
            if (link.IsImported) imported.CheckImport(task);
            else exported.CheckExport(task, WrittenTo(link));
        }
    }

    private void MoveNothing()
    {
        _state.Contract.Written.Clear();
        foreach (var (link, task) in RunEverywhere(LastType))
        {
            if (link.IsImported) new ImportState(_world, _plan, link).CheckIdle(task);
            else new FinalState(_world, link).CheckIdle(task, WrittenTo(link));
        }
    }

    private void ExportNothing()
    {
        _state.Contract.Written.Clear();
        var states = _links.ConvertAll(link => new ImportState(_world, _plan, link));
        foreach (var (link, task) in RunEverywhere(_ => TaskType.Export))
        {
            if (link.IsImported) states[_links.IndexOf(link)].CheckExport(task, WrittenTo(link));
            else new FinalState(_world, link).CheckIdle(task, WrittenTo(link));
        }
    }

    private static TaskType LastType(LinkedDisk link) => link.IsImported ? TaskType.ImportMetadata : TaskType.Export;

    private HashSet<string> WrittenTo(LinkedDisk link) => _state.Contract.Written.GetValueOrDefault(link.Bucket.Name) ?? [];

    private void ReleaseAll()
    {
        var states = _links.ConvertAll(link => new DataState(_world, link));
        foreach (var (link, task) in RunEverywhere(_ => TaskType.Release)) states[_links.IndexOf(link)].CheckReleased(task);
        foreach (var link in _links)
        {
            foreach (var file in link.Disk.Inodes.Where(inode => inode.IsFile && _chance.Roll(0.3)).ToList()) _users.Open(link, file, isWriter: false, static () => { });
        }

        if (!_world.RunUntil(() => _users.AreAllServed || _world.Violations.Count > 0, EndLimit)) _world.Violate("somebody waits for a file's data, without end");
    }

    private void RestoreAll()
    {
        var states = _links.ConvertAll(link => new DataState(_world, link));
        foreach (var (link, task) in RunEverywhere(_ => TaskType.Restore)) states[_links.IndexOf(link)].CheckRestored(task);
    }

    private IEnumerable<(LinkedDisk Link, RepositoryTask Task)> RunEverywhere(Func<LinkedDisk, TaskType> type)
    {
        var tasks = _links.ConvertAll(link => NewTask(link, type(link), []));
        tasks.ForEach(Create);
        if (!_world.RunUntil(() => AreAllEnded, EndLimit))
        {
            var left = tasks.Where(task => _catalog.Find(task.Id)?.Lifecycle.IsEnded() != true).Select(task => $"{task.Type} {task.Id}");
            _world.Violate($"C6: not ended without any fault: {string.Join(", ", left)}");
        }

        return _links.Zip(tasks.Select(task => _catalog.Find(task.Id) ?? task));
    }

    private void Stop()
    {
        _process!.Stop(() => _world.Note("stopped", ""));
        if (!_world.RunUntil(() => _process.HasStopped, StopLimit)) _world.Violate("the engine did not stop");
        if (_process.Failure is { } failure) _world.Violate($"the engine failed: {failure}");

        // A restore for a reader who has gone meanwhile is given up at the stop.
        if (!_world.RunUntil(() => _process.Calls.OpenCount == 0, StopLimit)) _world.Violate($"{_process.Calls.OpenCount} descriptors are left open");
    }
}

/// <summary>What came of a seed.</summary>
internal sealed record SimulationResult(
    int Seed, ulong Hash, IReadOnlyList<string> Violations, IReadOnlyList<string> Lines, long Points, IReadOnlyDictionary<TaskLifecycle, int> Ended,
    bool HasCallFailed);
