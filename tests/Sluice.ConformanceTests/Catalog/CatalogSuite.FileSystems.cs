using Sluice.Catalog;
using Sluice.Core;
using Sluice.Core.FileSystems;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    [Fact]
    public async Task A_file_system_is_found_as_it_was_added()
    {
        var plain = CatalogSamples.FileSystem(2) with { Adopted = false, FailureMessage = null, Tags = [] };
        var full = await AddFileSystemAsync();
        Assert.True(await Catalog.TryAddFileSystemAsync(plain, token: null, Cancellation));

        Assert.Equivalent(full, await Catalog.FindFileSystemAsync(full.Id, Cancellation), strict: true);
        Assert.Equivalent(plain, await Catalog.FindFileSystemAsync(plain.Id, Cancellation), strict: true);
    }

    [Theory]
    [InlineData(FileSystemLifecycle.Creating)]
    [InlineData(FileSystemLifecycle.Available)]
    [InlineData(FileSystemLifecycle.Updating)]
    [InlineData(FileSystemLifecycle.Deleting)]
    [InlineData(FileSystemLifecycle.Failed)]
    [InlineData(FileSystemLifecycle.Misconfigured)]
    public async Task Every_state_of_a_file_system_is_kept(FileSystemLifecycle lifecycle)
    {
        var fileSystem = CatalogSamples.FileSystem() with { Lifecycle = lifecycle };
        await Catalog.TryAddFileSystemAsync(fileSystem, token: null, Cancellation);

        Assert.Equal(lifecycle, (await Catalog.FindFileSystemAsync(fileSystem.Id, Cancellation))?.Lifecycle);
    }

    [Fact]
    public async Task An_unknown_file_system_is_not_found() =>
        Assert.Null(await Catalog.FindFileSystemAsync(CatalogSamples.FileSystem().Id, Cancellation));

    [Fact]
    public async Task Instants_are_cut_to_the_millisecond()
    {
        var fine = CatalogSamples.FileSystem() with { CreationTime = CatalogSamples.Start.AddTicks(9_999) };
        await Catalog.TryAddFileSystemAsync(fine, token: null, Cancellation);

        Assert.Equal(CatalogSamples.Start, (await Catalog.FindFileSystemAsync(fine.Id, Cancellation))?.CreationTime);
        Assert.Empty(await Catalog.ListFileSystemsAsync(new PageCursor(fine.CreationTime, fine.Id.Value), 10, Cancellation));
    }

    [Fact]
    public async Task A_second_file_system_with_the_same_id_is_refused_and_leaves_nothing()
    {
        var first = await AddFileSystemAsync();
        var second = first with { Tags = [new ResourceTag("c", "new")] };

        var fault = await Assert.ThrowsAsync<CatalogException>(
            () => Catalog.TryAddFileSystemAsync(second, CatalogSamples.Token(second.Id.Value), Cancellation));

        Assert.False(fault.IsTransient);
        Assert.Equivalent(first, await Catalog.FindFileSystemAsync(first.Id, Cancellation), strict: true);
        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task File_systems_are_listed_newest_first_then_by_id_descending()
    {
        foreach (var number in (int[])[3, 1, 5, 2, 4])
        {
            // 2, 3 and 4 are of one instant.
            var time = CatalogSamples.Start.AddSeconds(number is 1 or 5 ? number : 3);
            await Catalog.TryAddFileSystemAsync(CatalogSamples.FileSystem(number) with { CreationTime = time }, token: null, Cancellation);
        }

        var all = await ListAllAsync(
            (after, limit) => Catalog.ListFileSystemsAsync(after, limit, Cancellation), item => new PageCursor(item.CreationTime, item.Id.Value));

        Assert.Equal([5, 4, 3, 2, 1], all.Select(item => Convert.ToInt32(item.Id.Value[4..], 16)));
        Assert.Equal(2, all[0].Tags.Count);
    }

    [Fact]
    public async Task A_page_is_not_moved_by_what_comes_and_goes_before_it()
    {
        for (var number = 1; number <= 4; number++) await AddFileSystemAsync(number);
        var first = await Catalog.ListFileSystemsAsync(after: null, 2, Cancellation);
        await AddFileSystemAsync(5);
        await Catalog.RemoveFileSystemAsync(first[1].Id, Cancellation);

        var second = await Catalog.ListFileSystemsAsync(new PageCursor(first[1].CreationTime, first[1].Id.Value), 2, Cancellation);

        Assert.Equal([CatalogSamples.FileSystem(2).Id, CatalogSamples.FileSystem(1).Id], second.Select(item => item.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_page_of_nothing_is_refused(int limit)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Catalog.ListFileSystemsAsync(after: null, limit, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Catalog.ListTasksAsync(new TaskFilter(), after: null, limit, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Catalog.ListAssociationsAsync(new AssociationFilter(), after: null, limit, Cancellation));
    }

    [Fact]
    public async Task An_update_replaces_lifecycle_settings_and_message_only()
    {
        var before = await AddFileSystemAsync();
        var given = CatalogSamples.FileSystem(9) with
        {
            Id = before.Id,
            Lifecycle = FileSystemLifecycle.Updating,
            Settings = "{}",
            FailureMessage = null,
            Adopted = false,
            Tags = [],
        };

        Assert.True(await Catalog.TryUpdateFileSystemAsync(
            given, FileSystemLifecycle.Available, CatalogSamples.Token(before.Id.Value), Cancellation));

        var expected = before with { Lifecycle = FileSystemLifecycle.Updating, Settings = "{}", FailureMessage = null };
        Assert.Equivalent(expected, await Catalog.FindFileSystemAsync(before.Id, Cancellation), strict: true);
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task An_update_from_another_state_writes_nothing()
    {
        var before = await AddFileSystemAsync();
        var given = before with { Lifecycle = FileSystemLifecycle.Failed, Settings = "{}" };

        Assert.False(await Catalog.TryUpdateFileSystemAsync(
            given, FileSystemLifecycle.Creating, CatalogSamples.Token(before.Id.Value), Cancellation));

        Assert.Equivalent(before, await Catalog.FindFileSystemAsync(before.Id, Cancellation), strict: true);
        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task An_update_of_an_unknown_file_system_writes_nothing()
    {
        var unknown = CatalogSamples.FileSystem();

        Assert.False(await Catalog.TryUpdateFileSystemAsync(
            unknown, unknown.Lifecycle, CatalogSamples.Token(unknown.Id.Value), Cancellation));

        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task An_update_with_a_taken_token_writes_nothing()
    {
        var before = CatalogSamples.FileSystem();
        await Catalog.TryAddFileSystemAsync(before, CatalogSamples.Token(before.Id.Value), Cancellation);

        Assert.False(await Catalog.TryUpdateFileSystemAsync(
            before with { Settings = "{}" }, before.Lifecycle, CatalogSamples.Token(before.Id.Value), Cancellation));

        Assert.Equivalent(before, await Catalog.FindFileSystemAsync(before.Id, Cancellation), strict: true);
    }

    [Fact]
    public async Task Removing_a_file_system_removes_all_that_is_its_own()
    {
        var gone = await AddFileSystemAsync(1);
        var stays = await AddFileSystemAsync(2);
        var task = await AddTaskInAsync(TaskLifecycle.Executing);
        var otherTask = await AddTaskAsync(2, stays);
        var association = CatalogSamples.Association();
        await Catalog.TryAddAssociationAsync(association, CatalogSamples.Token(association.Id.Value), Cancellation);
        var upload = await Catalog.AddUploadAsync(new UploadIntent(task.Id, "bucket", "key", CatalogSamples.Start), Cancellation);

        await Catalog.RemoveFileSystemAsync(gone.Id, Cancellation);

        Assert.Null(await Catalog.FindFileSystemAsync(gone.Id, Cancellation));
        Assert.Null(await Catalog.FindTaskAsync(task.Id, Cancellation));
        Assert.Null(await Catalog.FindAssociationAsync(association.Id, Cancellation));
        foreach (var id in (string[])[gone.Id.Value, task.Id.Value, association.Id.Value])
            Assert.Empty(await Catalog.ListTagsAsync(id, Cancellation));
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
        Assert.Equal(upload, Assert.Single(await Catalog.ListUploadsAsync(task.Id, Cancellation)).Number);
        Assert.NotEmpty((await FindAsync(otherTask)).Tags);
        Assert.Equivalent(stays, await Catalog.FindFileSystemAsync(stays.Id, Cancellation), strict: true);
    }

    [Fact]
    public async Task Removing_twice_is_allowed()
    {
        var fileSystem = await AddFileSystemAsync();
        await Catalog.RemoveFileSystemAsync(fileSystem.Id, Cancellation);
        await Catalog.RemoveFileSystemAsync(fileSystem.Id, Cancellation);

        Assert.Empty(await Catalog.ListFileSystemsAsync(after: null, 10, Cancellation));
    }
}
