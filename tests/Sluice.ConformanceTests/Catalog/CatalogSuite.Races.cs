using Sluice.Catalog;
using Sluice.Core;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    private const int Racers = 32;

    [Theory]
    [InlineData(TaskEvent.Succeed, TaskLifecycle.Succeeded)]
    [InlineData(TaskEvent.Fail, TaskLifecycle.Failed)]
    public async Task Of_a_cancel_and_an_ending_exactly_one_wins(TaskEvent ending, TaskLifecycle ended)
    {
        await AddFileSystemAsync();
        for (var round = 1; round <= 20; round++)
        {
            var task = await AddTaskInAsync(TaskLifecycle.Executing, round);

            var results = await RaceAsync(racer => Catalog.ApplyAsync(
                task.Id, (racer + round) % 2 == 0 ? TaskEvent.Cancel : ending, new TransitionDetails(CatalogSamples.Start, $"by {racer}"), Cancellation));

            var winner = Assert.Single(results, result => result is { Before: TaskLifecycle.Executing, After: not null });
            var losers = results.Where(result => result != winner).ToList();
            var after = await FindAsync(task);
            Assert.Equal(winner!.Value.After, after.Lifecycle);
            if (after.Lifecycle == ended)
            {
                Assert.NotNull(after.EndTime);
                Assert.All(losers, loser => Assert.Equal(new TransitionResult(ended, null), loser));
            }
            else
            {
                // Every later cancel is told CANCELING, every ending is refused.
                Assert.Equal(TaskLifecycle.Canceling, after.Lifecycle);
                Assert.Null(after.EndTime);
                Assert.Null(after.FailureMessage);
                Assert.Equal(Racers / 2, losers.Count(loser => loser == new TransitionResult(TaskLifecycle.Canceling, null)));
                Assert.Equal((Racers / 2) - 1, losers.Count(loser => loser == new TransitionResult(TaskLifecycle.Canceling, TaskLifecycle.Canceling)));
            }
        }
    }

    [Fact]
    public async Task Of_many_requests_with_one_token_exactly_one_makes_a_resource()
    {
        await AddFileSystemAsync();

        var results = await RaceAsync(racer =>
        {
            var task = CatalogSamples.Task(racer + 1);
            return Catalog.TryAddTaskAsync(task, CatalogSamples.Token(task.Id.Value), Cancellation);
        });

        Assert.Single(results, AddResult.Added);
        Assert.Equal(Racers - 1, results.Count(result => result == AddResult.TokenTaken));
        var made = Assert.Single(await Catalog.ListUnendedTasksAsync(Cancellation));
        Assert.Equal(made.Id.Value, (await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation))?.ResourceId);
    }

    [Fact]
    public async Task A_deletion_and_new_tasks_never_both_happen()
    {
        for (var round = 1; round <= 10; round++)
        {
            var fileSystem = await AddFileSystemAsync(round);
            var first = round * Racers;

            var results = await RaceAsync(async racer => racer % 4 == 0
                ? await Catalog.TryBeginDeleteFileSystemAsync(fileSystem.Id, token: null, Cancellation) ? "deleting" : "refused"
                : (await Catalog.TryAddTaskAsync(CatalogSamples.Task(first + racer, fileSystem), token: null, Cancellation)).ToString());

            Assert.NotEqual(results.Contains("deleting"), results.Contains(nameof(AddResult.Added)));
        }
    }

    [Fact]
    public async Task Concurrent_counters_end_at_the_greatest()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Executing);

        await RaceAsync(async racer =>
        {
            await Catalog.RecordProgressAsync(
                task.Id, new TaskProgress(racer, Racers - racer, racer, racer, racer), CatalogSamples.Start.AddSeconds(racer), Cancellation);
            return racer;
        });

        var after = await FindAsync(task);
        Assert.Equal(new TaskProgress((2 * Racers) - 1, Racers, Racers - 1, Racers - 1, Racers - 1), after.Progress);
        Assert.Equal(CatalogSamples.Start.AddSeconds(Racers - 1), after.ProgressTime);
    }

    [Fact]
    public async Task Concurrent_tags_never_exceed_the_maximum()
    {
        var id = (await AddFileSystemAsync()).Id.Value;

        var results = await RaceAsync(racer => Catalog.TryPutTagsAsync(id, [new ResourceTag($"race-{racer}", "")], 12, Cancellation));

        Assert.Equal(10, results.Count(result => result));
        Assert.Equal(12, (await Catalog.ListTagsAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task Every_upload_gets_a_number_of_its_own()
    {
        var numbers = await RaceAsync(racer => Catalog.AddUploadAsync(Intent(racer + 1, "k"), Cancellation));

        Assert.Equal(Racers, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Everyone_reads_what_was_written_before()
    {
        await RaceAsync(async racer =>
        {
            var fileSystem = await AddFileSystemAsync(racer + 1);
            Assert.NotNull(await Catalog.FindFileSystemAsync(fileSystem.Id, Cancellation));
            Assert.Contains(await Catalog.ListFileSystemsAsync(after: null, 100, Cancellation), item => item.Id == fileSystem.Id);
            return racer;
        });
    }

    [Fact]
    public async Task Everything_is_there_after_reopening()
    {
        var fileSystem = await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Executing);
        var association = CatalogSamples.Association();
        await Catalog.TryAddAssociationAsync(association, CatalogSamples.Token(association.Id.Value), Cancellation);

        await ReopenAsync();

        Assert.Equivalent(fileSystem, await Catalog.FindFileSystemAsync(fileSystem.Id, Cancellation), strict: true);
        Assert.Equivalent(task, await FindAsync(task), strict: true);
        Assert.Equivalent(association, await Catalog.FindAssociationAsync(association.Id, Cancellation), strict: true);
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task A_canceled_call_does_nothing()
    {
        var canceled = new CancellationToken(canceled: true);
        var fileSystem = CatalogSamples.FileSystem();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Catalog.TryAddFileSystemAsync(fileSystem, token: null, canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Catalog.FindFileSystemAsync(fileSystem.Id, canceled));

        Assert.Null(await Catalog.FindFileSystemAsync(fileSystem.Id, Cancellation));
    }

    [Fact]
    public async Task A_closed_catalog_refuses_and_closes_again()
    {
        await Catalog.DisposeAsync();
        await Catalog.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Catalog.ListUnendedTasksAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Catalog.RemoveTagsAsync("task-x", ["k"], Cancellation));
    }

    [Fact]
    public async Task Closing_waits_for_calls_and_every_call_is_done_or_told()
    {
        var calls = RaceAsync(async racer =>
        {
            try
            {
                return await Catalog.TryAddFileSystemAsync(CatalogSamples.FileSystem(racer + 1), token: null, Cancellation);
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        });
        await Catalog.DisposeAsync();
        var stored = (await calls).Count(done => done);

        await ReopenAsync();

        Assert.Equal(stored, (await Catalog.ListFileSystemsAsync(after: null, 100, Cancellation)).Count);
    }

    /// <summary>Runs all racers at once, each on a thread of its own until its first wait.</summary>
    private static async Task<IReadOnlyList<T>> RaceAsync<T>(Func<int, Task<T>> run)
    {
        using var start = new Barrier(Racers);
        var racers = Enumerable.Range(0, Racers).Select(racer => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Cancellation);
                return run(racer);
            },
            Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()).ToList();
        return await Task.WhenAll(racers);
    }
}
