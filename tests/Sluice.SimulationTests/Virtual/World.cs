namespace Sluice.SimulationTests.Virtual;

/// <summary>
/// Virtual time, and what happens in it, in one thread:
/// <code>
/// while there is something to do:
///     something of a process is ready, and no event is due   → one of what is ready, by chance
///     else                                                   → the next event; time goes on to it
/// </code>
/// A process that dies loses all that was ready; events happen whether it lives or not.
/// </summary>
internal sealed class World(Chance chance, Trace trace)
{
    // A run has some thousand steps. One that has this many goes round in a circle.
    private const long MostSteps = 400_000;

    private const long StartNs = 1_800_000_000_000_000_000;

    private readonly PriorityQueue<Action, (long DueNs, long Order)> _events = new();
    private readonly List<ProcessScheduler> _processes = [];
    private long _order;
    private long _steps;

    /// <summary>Virtual nanoseconds since 1970.</summary>
    public long NowNs { get; private set; } = StartNs + chance.Below(1_000_000_000);

    /// <summary>Since the begin.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks((NowNs - StartNs) / 100);

    public Chance Chance { get; } = chance;

    public Trace Trace { get; } = trace;

    /// <summary>What must not have happened.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Called at each point where a process may die or a user may act: before each step and each system call.</summary>
    public Action? AtPoint { get; set; }

    public void Note(string what, string subject, long value = 0) => Trace.Note(NowNs, what, subject, value);

    public void Violate(string rule)
    {
        Note("VIOLATION", rule);
        Violations.Add(rule);
    }

    /// <summary>Something takes time.</summary>
    public void Spend(long ns) => NowNs += ns;

    /// <summary>Lets something happen later.</summary>
    public void In(TimeSpan delay, Action happening) => _events.Enqueue(happening, (NowNs + (delay.Ticks * 100), _order++));

    public void Add(ProcessScheduler process) => _processes.Add(process);

    public void Remove(ProcessScheduler process) => _processes.Remove(process);

    /// <summary>Goes on until <paramref name="isDone"/>, but not longer than <paramref name="limit"/>.</summary>
    /// <returns>Whether it was done in time.</returns>
    public bool RunUntil(Func<bool> isDone, TimeSpan limit)
    {
        var end = NowNs + (limit.Ticks * 100);
        while (!isDone())
        {
            if (++_steps > MostSteps || NowNs > end || !Step()) return isDone();
        }

        return true;
    }

    private bool Step()
    {
        var process = _processes.Find(process => process.ReadyCount > 0);
        var isDue = _events.TryPeek(out _, out var next) && next.DueNs <= NowNs;
        if (process is not null && (!isDue || Chance.Roll(0.5)))
        {
            // A process may be held up while the world goes on.
            Spend(Chance.Roll(0.02) ? Chance.Below(8_000_000) : Chance.Below(30_000));
            AtPoint?.Invoke();
            process.RunOne();
            return true;
        }

        if (!_events.TryDequeue(out var happening, out var due)) return false;
        NowNs = Math.Max(NowNs, due.DueNs);
        happening();
        return true;
    }
}
