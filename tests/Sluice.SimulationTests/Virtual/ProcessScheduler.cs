namespace Sluice.SimulationTests.Virtual;

/// <summary>
/// Runs what a simulated process has to do, one piece at a time, in an order by chance. What awaits something in a task of this scheduler goes on in it, unless
/// it says otherwise (ConfigureAwait(false), Task.Run): such a continuation comes from another thread, which is a violation, because no seed replays it.
/// </summary>
internal sealed class ProcessScheduler : TaskScheduler
{
    private readonly World _world;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Task> _ready = [];
    private volatile bool _isAlive = true;
    private volatile bool _hasForeign;

    public ProcessScheduler(World world)
    {
        _world = world;
        world.Add(this);
    }

    public bool IsAlive => _isAlive;

    public int ReadyCount => _ready.Count;

    /// <summary>Whether a continuation came from another thread while the process lived.</summary>
    public bool HasForeign => _hasForeign;

    /// <summary>Starts something in the process.</summary>
    public Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Ends the process as a signal would: nothing of it happens any more.</summary>
    public void Die()
    {
        _isAlive = false;
        _ready.Clear();
        _world.Remove(this);
    }

    public void RunOne()
    {
        var index = _world.Chance.Below(_ready.Count);
        if (_ready.Count == 0) return;
        var task = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        TryExecuteTask(task);
    }

    protected override void QueueTask(Task task)
    {
        // Finalizers of a process that has died complete things, too.
        if (!_isAlive) return;
        if (Environment.CurrentManagedThreadId == _thread) _ready.Add(task);
        else _hasForeign = true;
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready];
}
