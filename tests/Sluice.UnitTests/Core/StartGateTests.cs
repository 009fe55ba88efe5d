using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.UnitTests.Core;

public sealed class StartGateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void An_open_gate_lets_every_permit_begin_once()
    {
        using var gate = new StartGate();
        var first = gate.NewPermit();
        var second = gate.NewPermit();

        Assert.False(first.HasBegun);
        Assert.True(first.TryBegin());
        Assert.True(first.HasBegun);
        first.Begun();
        Assert.True(first.TryBegin());
        first.Begun();
        first.Begun();
        second.BeginOrThrow();
        second.Begun();

        Assert.Equal(2, gate.StartedCount);
        Assert.False(gate.IsClosed);
        gate.Close();
        Assert.True(gate.IsClosed);
    }

    [Fact]
    public void A_closed_gate_refuses_permits_made_before_and_after()
    {
        using var gate = new StartGate();
        var before = gate.NewPermit();
        gate.Close();
        var after = gate.NewPermit();

        Assert.False(before.TryBegin());
        Assert.False(after.TryBegin());
        Assert.Throws<StartRefusedException>(after.BeginOrThrow);
        Assert.False(before.HasBegun);
        Assert.Equal(0, gate.StartedCount);
    }

    [Fact]
    public void A_first_side_effect_that_fails_keeps_nobody_from_closing_the_gate()
    {
        using var gate = new StartGate();
        var permit = gate.NewPermit();
        Assert.Throws<IOException>(() => permit.BeginWith(() => throw new IOException("The disk is gone.")));

        gate.Close();

        Assert.True(permit.HasBegun);
        Assert.Throws<StartRefusedException>(() => gate.NewPermit().BeginWith(() => Assert.Fail("It was made.")));
    }

    [Fact]
    public void A_refused_permit_stays_refused_and_its_begun_means_nothing()
    {
        using var gate = new StartGate();
        gate.Close();
        var permit = gate.NewPermit();

        for (var i = 0; i < 3; i++)
        {
            Assert.False(permit.TryBegin());
            permit.Begun();
        }

        Assert.False(permit.HasBegun);
        gate.Close();
        Assert.Equal(0, gate.StartedCount);
    }

    [Fact]
    public void A_permit_that_has_begun_goes_on_behind_a_closed_gate()
    {
        using var gate = new StartGate();
        var permit = gate.NewPermit();
        permit.BeginOrThrow();
        permit.Begun();

        gate.Close();

        Assert.True(permit.TryBegin());
        permit.BeginOrThrow();
        permit.Begun();
        Assert.Equal(1, gate.StartedCount);
    }

    [Fact]
    public async Task Closing_waits_for_a_permit_between_its_asking_and_its_first_byte()
    {
        using var gate = new StartGate();
        var permit = gate.NewPermit();
        permit.BeginOrThrow();

        var closing = Task.Factory.StartNew(gate.Close, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => gate.IsClosed);
        Assert.False(gate.NewPermit().TryBegin());
        Assert.False(closing.IsCompleted);
        permit.Begun();

        await closing.WaitAsync(Cancellation);
        Assert.Equal(1, gate.StartedCount);
    }

    [Fact]
    public void Closing_again_is_allowed()
    {
        using var gate = new StartGate();

        Parallel.For(0, 8, _ => gate.Close());

        Assert.True(gate.IsClosed);
    }

    [Fact]
    public async Task Closing_wakes_what_waits_for_it()
    {
        using var gate = new StartGate();
        Assert.False(gate.Closed.IsCancellationRequested);
        var waiting = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gate.Closed);

        gate.Close();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Cancellation));
    }

    [Fact]
    public void Closing_after_the_task_is_gone_is_harmless()
    {
        var gate = new StartGate();
        gate.Dispose();

        gate.Close();

        Assert.False(gate.NewPermit().TryBegin());
    }

    [Fact]
    public void The_unrestricted_permit_always_begins()
    {
        StartPermit.Unrestricted.BeginOrThrow();
        StartPermit.Unrestricted.Begun();

        Assert.True(StartPermit.Unrestricted.TryBegin());
        Assert.True(StartPermit.Unrestricted.HasBegun);
    }

    [Fact]
    public async Task However_threads_race_nothing_begins_after_close_returned_and_the_count_is_exact()
    {
        const int threads = 8;
        for (var round = 0; round < 200; round++)
        {
            using var gate = new StartGate();
            using var start = new Barrier(threads + 1);
            var answered = false;
            var late = 0;
            var movers = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(Cancellation);
                    var begun = 0L;
                    while (true)
                    {
                        var permit = gate.NewPermit();
                        if (!permit.TryBegin()) return begun;

                        // The side effect: it must never see the answer given.
                        if (Volatile.Read(ref answered)) Interlocked.Increment(ref late);
                        begun++;
                        permit.Begun();
                    }
                },
                Cancellation,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToList();

            start.SignalAndWait(Cancellation);
            SpinWait.SpinUntil(() => gate.StartedCount >= round);
            gate.Close();
            Volatile.Write(ref answered, true);
            var counted = gate.StartedCount;
            var begun = await Task.WhenAll(movers);

            Assert.Equal(0, late);
            Assert.Equal(begun.Sum(), counted);
            Assert.Equal(counted, gate.StartedCount);
        }
    }
}
