using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Catalog;
using Sluice.Core.Faults;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Engine.Movers;
using Sluice.Engine.Scheduling;
using Sluice.Posix;
using Sluice.Protocol.Shapes;
using Sluice.Repositories;
using Sluice.Server.Operations;
using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Mutations;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>One life of the server's process: the real scheduler, engine and cancel operation over a simulated catalog, buckets and disks.</summary>
internal sealed class SimulatedProcess : IRepositoryResolver
{
    private readonly World _world;
    private readonly Contract _contract;
    private readonly Dictionary<string, IObjectRepository> _repositories;
    private readonly TaskSignals _signals = new();
    private readonly ICatalog _catalog;
    private readonly TaskOperations _operations;
    private readonly IFileSystemGuards _guards;
    private readonly RestoreCoordinator _restores;
    private readonly RepositoryTaskScheduler _engine;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public SimulatedProcess(SimulationState state, Mutation mutation, DirectoryInfo work)
    {
        (_world, _contract) = (state.World, state.Contract);
        var (world, plan) = (state.World, state.Plan);
        Scheduler = new ProcessScheduler(world);
        Calls = new ProcessCalls(world, state.Disks, Scheduler, plan.Rates.AreOver ? 0 : plan.Rates.Calls)
        {
            OnSetAttribute = state.Contract.OnSetAttribute,
            OnMake = state.Contract.OnMake,
            AreLeasesKept = mutation.AreLeasesKept,
            FailingCall = plan.FailingCall,
        };
        SimulatedLibc.Current = Calls;
        Work = work;
        var clock = new ProcessClock(world, Scheduler);
        _catalog = mutation.Catalog(world, state.Catalog, plan.Rates);
        _repositories = state.Buckets.ToDictionary(
            bucket => bucket.Name,
            IObjectRepository (bucket) => new RetryingRepository(mutation.Repository(world, bucket, plan.Rates, state.Contract), new RetryOptions(), clock, world.Chance.Random));
        var options = new EngineOptions
        {
            WorkDirectory = work.FullName,
            Concurrency = plan.Concurrency,
            BufferBytes = 8192,
            LeastPartBytes = 1,
            MultipartThresholdBytes = SimulationState.ThresholdBytes,
            PartSizeBytes = SimulationState.PartBytes,
            PartsInParallel = plan.PartsInParallel,
            WalksInParallel = plan.WalksInParallel,
            HeadsInParallel = plan.HeadsInParallel,
            ListingsInParallel = 1,
            UnavailableLimit = plan.UnavailableLimit,
            PollInterval = plan.PollInterval,
        };
        _guards = plan.IsGuarded ? mutation.Guards(world, Calls) : new NoGuards("This is a simulation.");
        _restores = new RestoreCoordinator(this, options);
        _engine = new RepositoryTaskScheduler(_catalog, this, _guards, _signals, options, clock, NullLoggerFactory.Instance, _restores);

        // Of these operations only the cancel is called, which needs no more.
        _operations = new TaskOperations(
            mutation.ClientCatalog(world, state.Catalog, plan.Rates), null!, mutation.ClientSignals(world, _signals), null!, null!, null!, null!, clock);
        _loop = Scheduler.Start(() => _engine.RunAsync(_stopping.Token));
    }

    public ProcessScheduler Scheduler { get; }

    public ProcessCalls Calls { get; }

    /// <summary>Where it keeps its own files.</summary>
    public DirectoryInfo Work { get; }

    /// <summary>Whether it has stopped as it was asked to.</summary>
    public bool HasStopped => _loop.IsCompleted;

    public Exception? Failure => _loop.Exception;

    public IObjectRepository Resolve(string bucket) => _repositories[bucket];

    /// <summary>A client asks for a task; where the catalog fails, it asks again.</summary>
    public void Create(RepositoryTask task) => _ = Scheduler.Start(async () =>
    {
        while (true)
        {
            try
            {
                if (await _catalog.FindTaskAsync(task.Id, CancellationToken.None) is null) await _catalog.TryAddTaskAsync(task, token: null, CancellationToken.None);
                _signals.Wake();
                return;
            }
            catch (CatalogException)
            {
                await _world.PauseAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }
    });

    /// <summary>A client cancels a task; where the catalog fails, it tries again.</summary>
    public void Cancel(TaskId id) => _ = Scheduler.Start(async () =>
    {
        while (true)
        {
            try
            {
                var answer = await _operations.CancelAsync(new CancelDataRepositoryTaskRequest { TaskId = id.Value }, CancellationToken.None);
                _contract.OnCancelAnswered(id, answer.Lifecycle!);
                return;
            }
            catch (FsxFault fault)
            {
                _contract.OnCancelRefused(id, fault.Code);
                return;
            }
            catch (CatalogException)
            {
                await _world.PauseAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }
    });

    /// <summary>The guard asks for a file's data, for somebody who waits for it.</summary>
    /// <param name="disk">Where the file is.</param>
    /// <param name="file">The file.</param>
    /// <param name="onEnd">Told whether it has its data; not at all where the process dies.</param>
    public void Restore(SimulatedDisk disk, Inode file, Action<bool> onEnd) => _ = Scheduler.Start(async () =>
    {
        try
        {
            using var root = _guards.Open(disk.RootPath);
            using var opened = FileSystemCalls.OpenBeneath(root.Root, Encoding.UTF8.GetBytes(file.Path), OpenFlags.ReadWrite | OpenFlags.NonBlock);
            if (Calls.InodeOf(opened) != file) return;
            await _restores.RestoreAsync(new RestoreTarget(root.Guard, LedgerStore.Probe(root.Root), opened), _stopping.Token);
            onEnd(true);
        }
        catch (Exception e) when (e is PosixException or RepositoryException or RestoreFailedException or OperationCanceledException)
        {
            _world.Note($"not restored: {e.Message}", file.Path);
            onEnd(false);
        }
    });

    /// <summary>Asks it to stop.</summary>
    /// <param name="onStopped">Called when it has.</param>
    public void Stop(Action onStopped) => _ = Scheduler.Start(async () =>
    {
        await _stopping.CancelOnCurrentSchedulerAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        onStopped();
    });
}
