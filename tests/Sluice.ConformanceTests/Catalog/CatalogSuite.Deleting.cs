using Sluice.Catalog;
using Sluice.Core.FileSystems;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    [Theory]
    [InlineData(TaskLifecycle.Pending)]
    [InlineData(TaskLifecycle.Executing)]
    [InlineData(TaskLifecycle.Canceling)]
    public async Task Deleting_is_refused_while_a_task_has_not_ended(TaskLifecycle lifecycle)
    {
        var fileSystem = await AddFileSystemAsync();
        await AddTaskInAsync(TaskLifecycle.Succeeded, 1);
        await AddTaskInAsync(lifecycle, 2);

        Assert.False(await Catalog.TryBeginDeleteFileSystemAsync(fileSystem.Id, CatalogSamples.Token(fileSystem.Id.Value), Cancellation));

        Assert.Equivalent(fileSystem, await Catalog.FindFileSystemAsync(fileSystem.Id, Cancellation), strict: true);
        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Theory]
    [InlineData(TaskLifecycle.Canceled)]
    [InlineData(TaskLifecycle.Succeeded)]
    [InlineData(TaskLifecycle.Failed)]
    public async Task Deleting_begins_when_all_tasks_have_ended(TaskLifecycle lifecycle)
    {
        var fileSystem = await AddFileSystemAsync();
        await AddTaskInAsync(lifecycle);
        var busy = await AddFileSystemAsync(2);
        await AddTaskAsync(2, busy);

        Assert.True(await Catalog.TryBeginDeleteFileSystemAsync(fileSystem.Id, CatalogSamples.Token(fileSystem.Id.Value), Cancellation));

        var expected = fileSystem with { Lifecycle = FileSystemLifecycle.Deleting };
        Assert.Equivalent(expected, await Catalog.FindFileSystemAsync(fileSystem.Id, Cancellation), strict: true);
        Assert.Equal(fileSystem.Id.Value, (await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation))?.ResourceId);
    }

    [Fact]
    public async Task Deleting_an_unknown_file_system_is_refused()
    {
        var unknown = CatalogSamples.FileSystem().Id;

        Assert.False(await Catalog.TryBeginDeleteFileSystemAsync(unknown, CatalogSamples.Token(unknown.Value), Cancellation));

        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task Deleting_again_is_allowed_with_the_same_token_another_or_none()
    {
        var id = (await AddFileSystemAsync()).Id;

        foreach (var token in (RequestToken?[])[CatalogSamples.Token(id.Value), CatalogSamples.Token(id.Value), CatalogSamples.Token(id.Value, "token-2"), null])
            Assert.True(await Catalog.TryBeginDeleteFileSystemAsync(id, token, Cancellation));

        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-2", Cancellation));
    }

    [Fact]
    public async Task Deleting_with_the_token_of_another_deletion_is_refused()
    {
        var first = await AddFileSystemAsync(1);
        var second = await AddFileSystemAsync(2);
        await Catalog.TryBeginDeleteFileSystemAsync(first.Id, CatalogSamples.Token(first.Id.Value), Cancellation);

        Assert.False(await Catalog.TryBeginDeleteFileSystemAsync(second.Id, CatalogSamples.Token(second.Id.Value), Cancellation));

        Assert.Equal(FileSystemLifecycle.Available, (await Catalog.FindFileSystemAsync(second.Id, Cancellation))?.Lifecycle);
    }

    [Fact]
    public async Task Nothing_can_be_added_to_a_file_system_that_is_deleting()
    {
        var fileSystem = await AddFileSystemAsync();
        await Catalog.TryBeginDeleteFileSystemAsync(fileSystem.Id, token: null, Cancellation);

        await AssertNothingCanBeAddedAsync();
    }

    [Fact]
    public Task Nothing_can_be_added_to_a_file_system_that_does_not_exist() => AssertNothingCanBeAddedAsync();

    private async Task AssertNothingCanBeAddedAsync()
    {
        var task = CatalogSamples.Task();
        var association = CatalogSamples.Association();

        Assert.Equal(
            AddResult.FileSystemGone, await Catalog.TryAddTaskAsync(task, CatalogSamples.Token(task.Id.Value), Cancellation));
        Assert.Equal(
            AddResult.FileSystemGone, await Catalog.TryAddAssociationAsync(association, CatalogSamples.Token(association.Id.Value), Cancellation));

        Assert.Null(await Catalog.FindTaskAsync(task.Id, Cancellation));
        Assert.Null(await Catalog.FindAssociationAsync(association.Id, Cancellation));
        Assert.Empty(await Catalog.ListTagsAsync(task.Id.Value, Cancellation));
        Assert.Empty(await Catalog.ListTagsAsync(association.Id.Value, Cancellation));
        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }
}
