using Sluice.Engine.Scanning;
using Xunit;

namespace Sluice.UnitTests.Engine;

public sealed class SharedWorkTests
{
    [Fact]
    public async Task It_ends_for_all_when_the_last_is_finished()
    {
        var work = new SharedWork<string>();
        Assert.True(work.Add("a"));
        Assert.Equal("a", await TakeAsync(work));
        var waiting = TakeAsync(work);
        Assert.True(work.Add("b"));
        Assert.Equal("b", await waiting);
        waiting = TakeAsync(work);
        work.Finish();
        Assert.False(waiting.IsCompleted);
        work.Finish();
        Assert.Null(await waiting);
        Assert.Null(await TakeAsync(work));
    }

    [Fact]
    public async Task It_counts_who_waits_against_what_was_added()
    {
        var work = new SharedWork<string>();
        work.Add("a");
        Assert.Equal(-1, work.Wanted);
        await TakeAsync(work);
        Assert.Equal(0, work.Wanted);
        var waiting = Enumerable.Range(0, 3).Select(_ => TakeAsync(work)).ToList();
        Assert.Equal(3, work.Wanted);
        work.Add("b");
        Assert.Equal(2, work.Wanted);
        work.Close();
        Assert.Equal(["b", null, null], (await Task.WhenAll(waiting)).OrderByDescending(item => item, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Work_there_is_besides_has_to_be_finished_too()
    {
        var work = new SharedWork<string>(unfinished: 2);
        var waiting = TakeAsync(work);
        work.Finish();
        Assert.False(waiting.IsCompleted);
        work.Finish();
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task Once_closed_it_takes_and_gives_nothing_and_what_nobody_took_can_be_taken_back()
    {
        var work = new SharedWork<string>();
        work.Add("a");
        work.Close();
        Assert.True(work.IsClosed);
        Assert.False(work.Add("b"));
        Assert.Null(await TakeAsync(work));
        Assert.True(work.TryTakeBack(out var left));
        Assert.Equal("a", left);
        Assert.False(work.TryTakeBack(out _));
    }

    private static Task<string?> TakeAsync(SharedWork<string> work) => work.TakeAsync(TestContext.Current.CancellationToken).AsTask();
}
