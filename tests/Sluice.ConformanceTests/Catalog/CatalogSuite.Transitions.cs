using Sluice.Catalog;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    private static readonly TaskProgress High = new(10, 8, 2, 1_000, 800);
    private static readonly TaskProgress Low = new(9, 7, 1, 900, 700);

    public static MatrixTheoryData<TaskLifecycle, TaskEvent> StatesAndEvents { get; } =
        new(Enum.GetValues<TaskLifecycle>(), Enum.GetValues<TaskEvent>());

    [Theory]
    [MemberData(nameof(StatesAndEvents))]
    public async Task An_event_does_what_the_transition_table_says(TaskLifecycle before, TaskEvent taskEvent)
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(before);
        var details = new TransitionDetails(CatalogSamples.Start.AddSeconds(50), "a message", High);

        var result = await Catalog.ApplyAsync(task.Id, taskEvent, details, Cancellation);

        var after = TaskTransitions.Next(before, taskEvent);
        Assert.Equal(new TransitionResult(before, after), result);
        var expected = after is null || after == before ? task : task with
        {
            Lifecycle = after.Value,
            StartTime = taskEvent == TaskEvent.Start ? details.Time : task.StartTime,
            EndTime = taskEvent is TaskEvent.Succeed or TaskEvent.Fail or TaskEvent.Drain ? details.Time : null,
            FailureMessage = taskEvent == TaskEvent.Fail ? details.FailureMessage : null,
            Progress = details.Progress,
            ProgressTime = details.Time,
        };
        Assert.Equivalent(expected, await FindAsync(task), strict: true);
    }

    [Fact]
    public async Task An_event_of_an_unknown_task_does_nothing() =>
        Assert.Null(await Catalog.ApplyAsync(CatalogSamples.Task().Id, TaskEvent.Start, CatalogSamples.At(1), Cancellation));

    [Fact]
    public async Task A_task_canceled_while_pending_never_has_a_start()
    {
        await AddFileSystemAsync();
        var task = await AddTaskAsync();
        await Catalog.ApplyAsync(task.Id, TaskEvent.Cancel, CatalogSamples.At(1), Cancellation);
        await Catalog.ApplyAsync(task.Id, TaskEvent.Drain, CatalogSamples.At(2), Cancellation);

        var expected = task with { Lifecycle = TaskLifecycle.Canceled, EndTime = CatalogSamples.Start.AddSeconds(2) };
        Assert.Equivalent(expected, await FindAsync(task), strict: true);
    }

    [Fact]
    public async Task A_transition_is_found_after_reopening()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Canceling);

        await ReopenAsync();

        Assert.Equivalent(task, await FindAsync(task), strict: true);
    }

    [Fact]
    public async Task Counters_given_with_a_transition_are_written_as_they_are()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Executing);
        await Catalog.RecordProgressAsync(task.Id, High, CatalogSamples.Start.AddSeconds(60), Cancellation);

        await Catalog.ApplyAsync(
            task.Id, TaskEvent.Succeed, new TransitionDetails(CatalogSamples.Start.AddSeconds(50), Progress: Low), Cancellation);

        var after = await FindAsync(task);
        Assert.Equal(Low, after.Progress);
        Assert.Equal(CatalogSamples.Start.AddSeconds(50), after.ProgressTime);
    }

    [Fact]
    public async Task A_transition_without_counters_leaves_them()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Executing);
        await Catalog.RecordProgressAsync(task.Id, High, CatalogSamples.Start.AddSeconds(40), Cancellation);

        await Catalog.ApplyAsync(task.Id, TaskEvent.Fail, CatalogSamples.At(50), Cancellation);

        var after = await FindAsync(task);
        Assert.Equal(High, after.Progress);
        Assert.Equal(CatalogSamples.Start.AddSeconds(40), after.ProgressTime);
    }

    [Fact]
    public async Task Counters_are_recorded_with_their_time()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Executing);

        await Catalog.RecordProgressAsync(task.Id, High, CatalogSamples.Start.AddSeconds(40), Cancellation);

        var expected = task with { Progress = High, ProgressTime = CatalogSamples.Start.AddSeconds(40) };
        Assert.Equivalent(expected, await FindAsync(task), strict: true);
    }

    [Fact]
    public async Task Each_counter_keeps_the_greatest_value_it_had()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Canceling);
        var now = CatalogSamples.Start.AddSeconds(40);
        await Catalog.RecordProgressAsync(task.Id, new TaskProgress(15, 4, 3, 2, 1), now, Cancellation);
        await Catalog.RecordProgressAsync(task.Id, new TaskProgress(1, 9, 2, 8, 0), now.AddSeconds(-1), Cancellation);

        var after = await FindAsync(task);

        Assert.Equal(new TaskProgress(15, 9, 3, 8, 1), after.Progress);
        Assert.Equal(now, after.ProgressTime);
    }

    [Fact]
    public async Task Counters_of_two_lives_never_say_more_done_than_found()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Executing);
        await Catalog.RecordProgressAsync(task.Id, new TaskProgress(6, 1, 4), CatalogSamples.Start.AddSeconds(40), Cancellation);
        await Catalog.RecordProgressAsync(task.Id, new TaskProgress(6, 3, 2), CatalogSamples.Start.AddSeconds(50), Cancellation);

        var after = await FindAsync(task);

        Assert.Equal(new TaskProgress(7, 3, 4), after.Progress);
    }

    [Theory]
    [InlineData(TaskLifecycle.Canceled)]
    [InlineData(TaskLifecycle.Succeeded)]
    [InlineData(TaskLifecycle.Failed)]
    public async Task Counters_of_an_ended_task_stay(TaskLifecycle lifecycle)
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(lifecycle);

        await Catalog.RecordProgressAsync(task.Id, High, CatalogSamples.Start.AddSeconds(40), Cancellation);

        Assert.Equivalent(task, await FindAsync(task), strict: true);
    }

    [Fact]
    public async Task Counters_of_an_unknown_task_are_ignored()
    {
        await Catalog.RecordProgressAsync(CatalogSamples.Task().Id, High, CatalogSamples.Start, Cancellation);

        Assert.Empty(await Catalog.ListTasksAsync(new TaskFilter(), after: null, 10, Cancellation));
    }
}
