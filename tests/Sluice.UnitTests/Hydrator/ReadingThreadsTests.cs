using Sluice.Hydrator.Hydration;
using Xunit;

namespace Sluice.UnitTests.Hydrator;

/// <summary>Threads that read events, of which the kernel may have one wait.</summary>
public sealed class ReadingThreadsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void While_one_thread_is_kept_in_its_reading_another_goes_on_and_afterwards_one_remains()
    {
        using var kept = new ManualResetEventSlim();
        using var isKept = new ManualResetEventSlim();
        using var isReadOn = new ManualResetEventSlim();
        using var isKeptGone = new CountdownEvent(1);
        Thread? first = null;
        using var threads = new ReadingThreads(
            "test", limit: 4, longRead: TimeSpan.Zero, TimeProvider.System,
            () =>
            {
                first ??= Thread.CurrentThread;
                if (first == Thread.CurrentThread && !isKept.IsSet)
                {
                    isKept.Set();
                    kept.Wait(Limit);
                }
                else if (first != Thread.CurrentThread)
                {
                    isReadOn.Set();
                }

                return false;
            },
            () => Thread.Yield());

        threads.Start();
        Assert.True(isKept.Wait(Limit));
        Assert.False(isReadOn.IsSet);
        SpinWait.SpinUntil(() =>
        {
            threads.Supervise();
            return isReadOn.IsSet;
        }, Limit);
        Assert.True(isReadOn.IsSet);
        kept.Set();

        // Which of the two remains does not matter.
        Assert.True(SpinWait.SpinUntil(() => threads.Count == 1, Limit));
    }

    [Fact]
    public void No_thread_is_added_while_one_waits_for_something_to_read()
    {
        using var waits = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        using var threads = new ReadingThreads("test", limit: 4, longRead: TimeSpan.Zero, TimeProvider.System, () => false, () =>
        {
            waits.Set();
            end.Wait(Limit);
        });

        threads.Start();
        Assert.True(waits.Wait(Limit));
        threads.Supervise();

        Assert.Equal(1, threads.Count);
        end.Set();
    }
}
