using Sluice.Catalog;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    public static TheoryData<RepositoryTask> NotNew { get; } =
    [
        CatalogSamples.Task() with { Lifecycle = TaskLifecycle.Executing },
        CatalogSamples.Task() with { StartTime = CatalogSamples.Start },
        CatalogSamples.Task() with { EndTime = CatalogSamples.Start },
        CatalogSamples.Task() with { FailureMessage = "why" },
        CatalogSamples.Task() with { Progress = default(TaskProgress) },
        CatalogSamples.Task() with { ProgressTime = CatalogSamples.Start },
    ];

    [Theory]
    [InlineData(TaskType.Export)]
    [InlineData(TaskType.ImportMetadata)]
    [InlineData(TaskType.Release)]
    [InlineData(TaskType.AutoRelease)]
    [InlineData(TaskType.Restore)]
    public async Task A_task_is_found_as_it_was_added(TaskType type)
    {
        await AddFileSystemAsync();
        var full = CatalogSamples.Task(1) with { Type = type };
        var bare = CatalogSamples.Task(2) with
        {
            Type = type,
            Paths = [],
            Report = new CompletionReport { Enabled = false },
            ReleaseAgeDays = null,
            Tags = [],
        };
        Assert.Equal(AddResult.Added, await Catalog.TryAddTaskAsync(full, token: null, Cancellation));
        Assert.Equal(AddResult.Added, await Catalog.TryAddTaskAsync(bare, token: null, Cancellation));

        Assert.Equivalent(full, await Catalog.FindTaskAsync(full.Id, Cancellation), strict: true);
        Assert.Equivalent(bare, await Catalog.FindTaskAsync(bare.Id, Cancellation), strict: true);
    }

    [Fact]
    public async Task An_unknown_task_is_not_found() => Assert.Null(await Catalog.FindTaskAsync(CatalogSamples.Task().Id, Cancellation));

    [Theory]
    [MemberData(nameof(NotNew), DisableDiscoveryEnumeration = true)]
    public async Task Only_a_new_task_can_be_added(RepositoryTask task)
    {
        await AddFileSystemAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Catalog.TryAddTaskAsync(task, token: null, Cancellation));

        Assert.Null(await Catalog.FindTaskAsync(task.Id, Cancellation));
    }

    [Fact]
    public async Task A_second_task_with_the_same_id_is_refused_and_the_first_goes_on()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Executing);

        await Assert.ThrowsAsync<CatalogException>(() => Catalog.TryAddTaskAsync(CatalogSamples.Task(), token: null, Cancellation));

        Assert.Equivalent(task, await FindAsync(task), strict: true);
    }

    [Fact]
    public async Task Tasks_are_listed_by_ids_file_systems_states_and_types()
    {
        await AddFileSystemAsync(1);
        var other = await AddFileSystemAsync(2);
        await AddTaskInAsync(TaskLifecycle.Executing, 1);
        await AddTaskInAsync(TaskLifecycle.Canceling, 2);
        await AddTaskInAsync(TaskLifecycle.Succeeded, 3);
        await AddTaskAsync(4, other);
        await Catalog.TryAddTaskAsync(CatalogSamples.Task(5, other) with { Type = TaskType.Restore }, token: null, Cancellation);
        string one = CatalogSamples.FileSystem(1).Id.Value, two = other.Id.Value;
        var ids = new[] { CatalogSamples.Task(1).Id.Value, CatalogSamples.Task(5).Id.Value, CatalogSamples.Task(77).Id.Value };

        Assert.Equal([5, 4, 3, 2, 1], await NumbersAsync(new TaskFilter()));
        Assert.Equal([], await NumbersAsync(new TaskFilter { Ids = [] }));
        Assert.Equal([], await NumbersAsync(new TaskFilter { FileSystemIds = [[]] }));
        Assert.Equal([], await NumbersAsync(new TaskFilter { Lifecycles = [[]] }));
        Assert.Equal([], await NumbersAsync(new TaskFilter { Types = [] }));
        Assert.Equal([5], await NumbersAsync(new TaskFilter { Types = [TaskType.Restore, TaskType.Release] }));
        Assert.Equal([4], await NumbersAsync(new TaskFilter { FileSystemIds = [[two]], Types = [TaskType.Export] }));
        Assert.Equal([5, 1], await NumbersAsync(new TaskFilter { Ids = ids }));
        Assert.Equal([3, 2, 1], await NumbersAsync(new TaskFilter { FileSystemIds = [[one]] }));
        Assert.Equal([], await NumbersAsync(new TaskFilter { FileSystemIds = [[one], [two]] }));
        Assert.Equal([5, 4, 1], await NumbersAsync(new TaskFilter { Lifecycles = [[TaskLifecycle.Pending, TaskLifecycle.Executing]] }));
        Assert.Equal([2], await NumbersAsync(new TaskFilter { Lifecycles = [[TaskLifecycle.Canceling]] }));
        Assert.Equal([], await NumbersAsync(new TaskFilter { Lifecycles = [[TaskLifecycle.Pending], [TaskLifecycle.Succeeded]] }));
        Assert.Equal(
            [5],
            await NumbersAsync(new TaskFilter { Ids = ids, FileSystemIds = [[one, two], [two]], Lifecycles = [[TaskLifecycle.Pending]] }));

        async Task<IEnumerable<int>> NumbersAsync(TaskFilter filter)
        {
            var all = await ListAllAsync(
                (after, limit) => Catalog.ListTasksAsync(filter, after, limit, Cancellation),
                item => new PageCursor(item.CreationTime, item.Id.Value));
            return all.Select(item => Convert.ToInt32(item.Id.Value[6..], 16));
        }
    }

    [Fact]
    public async Task A_listed_task_is_complete()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Failed);

        var listed = Assert.Single(await Catalog.ListTasksAsync(new TaskFilter(), after: null, 10, Cancellation));

        Assert.Equivalent(task, listed, strict: true);
    }

    [Fact]
    public async Task The_queue_has_every_task_that_has_not_ended_oldest_first()
    {
        await AddFileSystemAsync();
        var number = 9;
        foreach (var lifecycle in Enum.GetValues<TaskLifecycle>()) await AddTaskInAsync(lifecycle, number--);

        var queue = await Catalog.ListUnendedTasksAsync(Cancellation);

        Assert.Equal([TaskLifecycle.Canceling, TaskLifecycle.Executing, TaskLifecycle.Pending], queue.Select(task => task.Lifecycle));
        Assert.All(queue, task => Assert.NotEmpty(task.Tags));
    }

    [Fact]
    public async Task Tasks_of_one_instant_are_queued_in_the_order_they_were_added()
    {
        await AddFileSystemAsync();
        int[] order = [7, 3, 9, 1, 8];
        foreach (var number in order)
        {
            var task = CatalogSamples.Task(number) with { CreationTime = CatalogSamples.Start };
            await Catalog.TryAddTaskAsync(task, token: null, Cancellation);
        }

        var queue = await Catalog.ListUnendedTasksAsync(Cancellation);

        Assert.Equal(order.Select(number => CatalogSamples.Task(number).Id), queue.Select(task => task.Id));
    }
}
