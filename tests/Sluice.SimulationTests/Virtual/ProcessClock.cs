namespace Sluice.SimulationTests.Virtual;

/// <summary>The clock of a simulated process; its timers end with it.</summary>
internal sealed class ProcessClock(World world, ProcessScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => 1_000_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(world.NowNs / 100);

    public override long GetTimestamp() => world.NowNs;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ProcessClock clock, Action callback) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = Interlocked.Increment(ref _version);
            if (dueTime != Timeout.InfiniteTimeSpan) clock.Arm(this, version, dueTime, period);
            return true;
        }

        public void Dispose() => Interlocked.Increment(ref _version);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        public void Fire(int version, TimeSpan period)
        {
            if (_version != version) return;
            if (period > TimeSpan.Zero) clock.Arm(this, version, period, period);
            callback();
        }
    }

    private void Arm(Timer timer, int version, TimeSpan dueTime, TimeSpan period) => world.In(dueTime, () =>
    {
        if (scheduler.IsAlive) timer.Fire(version, period);
    });
}
