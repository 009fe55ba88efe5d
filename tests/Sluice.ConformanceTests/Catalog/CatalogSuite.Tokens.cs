using Sluice.Catalog;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    [Fact]
    public async Task A_token_is_found_as_it_was_given()
    {
        var fileSystem = CatalogSamples.FileSystem();
        var token = CatalogSamples.Token(fileSystem.Id.Value);
        await Catalog.TryAddFileSystemAsync(fileSystem, token, Cancellation);

        Assert.Equal(token, await Catalog.FindTokenAsync(token.Operation, token.Token, Cancellation));
        Assert.Null(await Catalog.FindTokenAsync(token.Operation, "Token-1", Cancellation));
        Assert.Null(await Catalog.FindTokenAsync("CreateAnything", token.Token, Cancellation));
    }

    [Fact]
    public async Task A_taken_token_stores_nothing()
    {
        var first = await AddFileSystemAsync();
        var task = CatalogSamples.Task();
        var association = CatalogSamples.Association();
        var fileSystem = CatalogSamples.FileSystem(2);
        var token = CatalogSamples.Token(task.Id.Value);
        await Catalog.TryAddTaskAsync(task, token, Cancellation);
        var again = CatalogSamples.Token("another") with { Time = CatalogSamples.Start.AddDays(1) };

        Assert.False(await Catalog.TryAddFileSystemAsync(fileSystem, again, Cancellation));
        Assert.Equal(AddResult.TokenTaken, await Catalog.TryAddTaskAsync(CatalogSamples.Task(2), again, Cancellation));
        Assert.Equal(AddResult.TokenTaken, await Catalog.TryAddAssociationAsync(association, again, Cancellation));

        Assert.Equal([first.Id], (await Catalog.ListFileSystemsAsync(after: null, 10, Cancellation)).Select(item => item.Id));
        Assert.Equal([task.Id], (await Catalog.ListUnendedTasksAsync(Cancellation)).Select(item => item.Id));
        Assert.Null(await Catalog.FindAssociationAsync(association.Id, Cancellation));
        foreach (var id in (string[])[fileSystem.Id.Value, association.Id.Value, CatalogSamples.Task(2).Id.Value])
            Assert.Empty(await Catalog.ListTagsAsync(id, Cancellation));
        Assert.Equal(token, await Catalog.FindTokenAsync(token.Operation, token.Token, Cancellation));
    }

    [Fact]
    public async Task Tokens_of_different_operations_do_not_meet()
    {
        await AddFileSystemAsync();
        var association = CatalogSamples.Association();
        var task = CatalogSamples.Task();

        Assert.Equal(
            AddResult.Added,
            await Catalog.TryAddAssociationAsync(association, CatalogSamples.Token(association.Id.Value, operation: "A"), Cancellation));
        Assert.Equal(
            AddResult.Added, await Catalog.TryAddTaskAsync(task, CatalogSamples.Token(task.Id.Value, operation: "B"), Cancellation));

        Assert.Equal(association.Id.Value, (await Catalog.FindTokenAsync("A", "token-1", Cancellation))?.ResourceId);
        Assert.Equal(task.Id.Value, (await Catalog.FindTokenAsync("B", "token-1", Cancellation))?.ResourceId);
    }

    [Fact]
    public async Task A_repeated_request_is_told_so_also_when_the_file_system_is_going()
    {
        var fileSystem = await AddFileSystemAsync();
        var association = CatalogSamples.Association();
        var token = CatalogSamples.Token(association.Id.Value);
        await Catalog.TryAddAssociationAsync(association, token, Cancellation);
        await Catalog.TryBeginDeleteFileSystemAsync(fileSystem.Id, token: null, Cancellation);

        Assert.Equal(AddResult.TokenTaken, await Catalog.TryAddAssociationAsync(CatalogSamples.Association(2), token, Cancellation));
        await Catalog.RemoveFileSystemAsync(fileSystem.Id, Cancellation);
        Assert.Equal(AddResult.TokenTaken, await Catalog.TryAddAssociationAsync(CatalogSamples.Association(2), token, Cancellation));
    }

    [Fact]
    public async Task Ended_tasks_are_removed_after_their_time_with_their_tags()
    {
        await AddFileSystemAsync();
        var end = CatalogSamples.Start.AddSeconds(3);
        var ended = new List<RepositoryTask>();
        var number = 1;
        foreach (var lifecycle in Enum.GetValues<TaskLifecycle>())
        {
            var task = await AddTaskInAsync(lifecycle, number++);
            if (lifecycle.IsEnded()) ended.Add(task);
        }

        Assert.Equal(0, await Catalog.RemoveEndedTasksAsync(end, Cancellation));
        Assert.Equal(3, await Catalog.RemoveEndedTasksAsync(end.AddMilliseconds(1), Cancellation));
        Assert.Equal(0, await Catalog.RemoveEndedTasksAsync(end.AddMilliseconds(1), Cancellation));

        foreach (var task in ended)
        {
            Assert.Null(await Catalog.FindTaskAsync(task.Id, Cancellation));
            Assert.Empty(await Catalog.ListTagsAsync(task.Id.Value, Cancellation));
        }

        Assert.Equal(3, (await Catalog.ListUnendedTasksAsync(Cancellation)).Count(task => task.Tags.Count == 1));
    }

    [Fact]
    public async Task A_journaled_upload_outlives_its_ended_task()
    {
        await AddFileSystemAsync();
        var task = await AddTaskInAsync(TaskLifecycle.Failed);
        await Catalog.AddUploadAsync(new UploadIntent(task.Id, "bucket", "key", CatalogSamples.Start), Cancellation);

        await Catalog.RemoveEndedTasksAsync(DateTimeOffset.MaxValue, Cancellation);

        Assert.Single(await Catalog.ListUploadsAsync(task.Id, Cancellation));
    }

    [Fact]
    public async Task Old_tokens_of_removed_resources_are_forgotten_and_no_others()
    {
        await AddFileSystemAsync();
        var old = CatalogSamples.Start;
        var task = CatalogSamples.Task();
        var living = CatalogSamples.FileSystem(2);
        var association = CatalogSamples.Association();
        var young = CatalogSamples.Association(2);
        await Catalog.TryAddTaskAsync(task, CatalogSamples.Token(task.Id.Value, "of-ended-task"), Cancellation);
        await Catalog.TryAddFileSystemAsync(living, CatalogSamples.Token(living.Id.Value, "of-living"), Cancellation);
        await Catalog.TryAddAssociationAsync(association, CatalogSamples.Token(association.Id.Value, "of-removed"), Cancellation);
        await Catalog.TryAddAssociationAsync(
            young, CatalogSamples.Token(young.Id.Value, "young") with { Time = old.AddDays(1) }, Cancellation);
        await Catalog.ApplyAsync(task.Id, TaskEvent.Cancel, CatalogSamples.At(1), Cancellation);
        await Catalog.ApplyAsync(task.Id, TaskEvent.Drain, CatalogSamples.At(2), Cancellation);
        await Catalog.RemoveAssociationAsync(association.Id, Cancellation);
        await Catalog.RemoveAssociationAsync(young.Id, Cancellation);

        await Catalog.RemoveEndedTasksAsync(old, Cancellation);
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "of-removed", Cancellation));
        await Catalog.RemoveEndedTasksAsync(old.AddHours(1), Cancellation);

        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "of-ended-task", Cancellation));
        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "of-removed", Cancellation));
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "of-living", Cancellation));
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "young", Cancellation));
    }
}
