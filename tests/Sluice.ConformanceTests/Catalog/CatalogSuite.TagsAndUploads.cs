using Sluice.Catalog;
using Sluice.Core;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    [Fact]
    public async Task Tags_are_listed_in_key_order_and_keys_are_case_sensitive()
    {
        var fileSystem = CatalogSamples.FileSystem() with
        {
            Tags = [new ResourceTag("b", "1"), new ResourceTag("é", "2"), new ResourceTag("a", "3"), new ResourceTag("B", "4")],
        };
        await Catalog.TryAddFileSystemAsync(fileSystem, token: null, Cancellation);

        ResourceTag[] expected = [new("B", "4"), new("a", "3"), new("b", "1"), new("é", "2")];
        Assert.Equal(expected, await Catalog.ListTagsAsync(fileSystem.Id.Value, Cancellation));
        Assert.Equal(expected, (await Catalog.FindFileSystemAsync(fileSystem.Id, Cancellation))!.Tags);
    }

    [Fact]
    public async Task An_unknown_resource_has_no_tags_and_takes_none()
    {
        var unknown = CatalogSamples.Task().Id.Value;

        Assert.Empty(await Catalog.ListTagsAsync(unknown, Cancellation));
        Assert.False(await Catalog.TryPutTagsAsync(unknown, [new ResourceTag("k", "v")], 50, Cancellation));
        Assert.Empty(await Catalog.ListTagsAsync(unknown, Cancellation));
    }

    [Fact]
    public async Task Tags_are_added_and_overwritten_on_every_kind_of_resource()
    {
        var fileSystem = await AddFileSystemAsync();
        var task = await AddTaskAsync();
        var association = CatalogSamples.Association();
        await Catalog.TryAddAssociationAsync(association, token: null, Cancellation);

        foreach (var id in (string[])[fileSystem.Id.Value, task.Id.Value, association.Id.Value])
        {
            Assert.True(await Catalog.TryPutTagsAsync(id, [new ResourceTag("z", "1"), new ResourceTag("k", "2")], 50, Cancellation));
            Assert.True(await Catalog.TryPutTagsAsync(id, [new ResourceTag("z", "3")], 50, Cancellation));
            var tags = await Catalog.ListTagsAsync(id, Cancellation);
            Assert.Contains(new ResourceTag("k", "2"), tags);
            Assert.Equal(new ResourceTag("z", "3"), tags[^1]);
        }

        Assert.Equal([new ResourceTag("k", "2"), new ResourceTag("z", "3")], (await FindAsync(task)).Tags);
    }

    [Fact]
    public async Task Tags_over_the_maximum_are_refused_together()
    {
        var id = (await AddFileSystemAsync()).Id.Value;
        var before = await Catalog.ListTagsAsync(id, Cancellation);

        Assert.False(await Catalog.TryPutTagsAsync(id, [new ResourceTag("a", "new"), new ResourceTag("c", "3"), new ResourceTag("d", "4")], 3, Cancellation));
        Assert.Equal(before, await Catalog.ListTagsAsync(id, Cancellation));

        Assert.True(await Catalog.TryPutTagsAsync(id, [new ResourceTag("a", "new"), new ResourceTag("c", "3")], 3, Cancellation));
        Assert.Equal(["a", "b", "c"], (await Catalog.ListTagsAsync(id, Cancellation)).Select(tag => tag.Key));
        Assert.True(await Catalog.TryPutTagsAsync(id, [new ResourceTag("a", "full, but not a new key")], 3, Cancellation));
    }

    [Fact]
    public async Task Tags_are_removed_and_missing_keys_ignored()
    {
        var one = (await AddFileSystemAsync(1)).Id.Value;
        var other = await AddFileSystemAsync(2);

        await Catalog.RemoveTagsAsync(one, ["a", "A", "missing"], Cancellation);
        await Catalog.RemoveTagsAsync("task-unknown", ["a"], Cancellation);

        Assert.Equal([new ResourceTag("b", "two words")], await Catalog.ListTagsAsync(one, Cancellation));
        Assert.Equal(other.Tags, await Catalog.ListTagsAsync(other.Id.Value, Cancellation));
    }

    [Fact]
    public async Task Uploads_are_listed_oldest_first_of_one_task_or_all()
    {
        var first = Intent(1, "k1");
        var second = Intent(2, "k2");
        var third = Intent(1, "k1");
        var one = await Catalog.AddUploadAsync(first, Cancellation);
        var two = await Catalog.AddUploadAsync(second, Cancellation);
        var three = await Catalog.AddUploadAsync(third, Cancellation);
        await Catalog.SetUploadIdAsync(three, "upload-3", Cancellation);

        JournaledUpload[] all = [new(one, first, null), new(two, second, null), new(three, third, "upload-3")];
        Assert.Equal(all, await Catalog.ListUploadsAsync(taskId: null, Cancellation));
        Assert.Equal([all[0], all[2]], await Catalog.ListUploadsAsync(first.TaskId, Cancellation));
        Assert.Empty(await Catalog.ListUploadsAsync(CatalogSamples.Task(3).Id, Cancellation));
        await ReopenAsync();
        Assert.Equal(all, await Catalog.ListUploadsAsync(taskId: null, Cancellation));
    }

    [Fact]
    public async Task A_removed_upload_is_gone_and_its_number_never_comes_back()
    {
        var number = await Catalog.AddUploadAsync(Intent(1, "k"), Cancellation);
        await Catalog.RemoveUploadAsync(number, Cancellation);
        await Catalog.RemoveUploadAsync(number, Cancellation);
        Assert.Empty(await Catalog.ListUploadsAsync(taskId: null, Cancellation));

        await ReopenAsync();

        Assert.True(await Catalog.AddUploadAsync(Intent(1, "k"), Cancellation) > number);
    }

    [Fact]
    public async Task An_upload_id_without_its_entry_is_a_fault()
    {
        var number = await Catalog.AddUploadAsync(Intent(1, "k"), Cancellation);
        await Catalog.RemoveUploadAsync(number, Cancellation);

        var fault = await Assert.ThrowsAsync<CatalogException>(() => Catalog.SetUploadIdAsync(number, "upload", Cancellation));

        Assert.False(fault.IsTransient);
        Assert.Empty(await Catalog.ListUploadsAsync(taskId: null, Cancellation));
    }

    private static UploadIntent Intent(int task, string key) => new(CatalogSamples.Task(task).Id, "bucket", key, CatalogSamples.Start);
}
