using Sluice.Catalog;
using Sluice.Core.Associations;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    [Fact]
    public async Task An_association_is_found_as_it_was_added()
    {
        await AddFileSystemAsync();
        var full = CatalogSamples.Association(1);
        var bare = CatalogSamples.Association(2) with
        {
            BatchImportMetaDataOnCreate = false,
            AutoImportEvents = null,
            AutoExportEvents = [],
            HasS3Configuration = false,
            DeleteDataInFileSystem = false,
            FailureMessage = null,
            Tags = [],
        };
        Assert.Equal(AddResult.Added, await Catalog.TryAddAssociationAsync(full, token: null, Cancellation));
        Assert.Equal(AddResult.Added, await Catalog.TryAddAssociationAsync(bare, token: null, Cancellation));

        Assert.Equivalent(full, await Catalog.FindAssociationAsync(full.Id, Cancellation), strict: true);
        var found = await Catalog.FindAssociationAsync(bare.Id, Cancellation);
        Assert.Equivalent(bare, found, strict: true);
        Assert.Null(found?.AutoImportEvents);
        Assert.NotNull(found?.AutoExportEvents);
    }

    [Theory]
    [InlineData(AssociationLifecycle.Creating)]
    [InlineData(AssociationLifecycle.Available)]
    [InlineData(AssociationLifecycle.Misconfigured)]
    [InlineData(AssociationLifecycle.Updating)]
    [InlineData(AssociationLifecycle.Deleting)]
    [InlineData(AssociationLifecycle.Failed)]
    public async Task Every_state_of_an_association_is_kept(AssociationLifecycle lifecycle)
    {
        await AddFileSystemAsync();
        var association = CatalogSamples.Association() with { Lifecycle = lifecycle };
        await Catalog.TryAddAssociationAsync(association, token: null, Cancellation);

        Assert.Equal(lifecycle, (await Catalog.FindAssociationAsync(association.Id, Cancellation))?.Lifecycle);
    }

    [Fact]
    public async Task An_unknown_association_is_not_found() =>
        Assert.Null(await Catalog.FindAssociationAsync(CatalogSamples.Association().Id, Cancellation));

    [Fact]
    public async Task An_association_update_keeps_id_file_system_paths_creation_and_tags()
    {
        await AddFileSystemAsync();
        var before = CatalogSamples.Association();
        await Catalog.TryAddAssociationAsync(before, token: null, Cancellation);
        var given = CatalogSamples.Association(9, of: CatalogSamples.FileSystem(9)) with
        {
            Id = before.Id,
            Lifecycle = AssociationLifecycle.Updating,
            ImportedFileChunkSizeMiB = 1,
            AutoImportEvents = null,
            AutoExportEvents = ["NEW"],
            HasS3Configuration = false,
            BatchImportMetaDataOnCreate = false,
            DeleteDataInFileSystem = false,
            FailureMessage = "other",
            Tags = [],
        };

        Assert.True(await Catalog.TryUpdateAssociationAsync(
            given, AssociationLifecycle.Creating, CatalogSamples.Token(before.Id.Value), Cancellation));

        var expected = given with
        {
            FileSystemId = before.FileSystemId,
            FileSystemPath = before.FileSystemPath,
            DataRepositoryPath = before.DataRepositoryPath,
            CreationTime = before.CreationTime,
            Tags = before.Tags,
        };
        Assert.Equivalent(expected, await Catalog.FindAssociationAsync(before.Id, Cancellation), strict: true);
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task An_association_update_that_is_late_unknown_or_repeated_writes_nothing()
    {
        await AddFileSystemAsync();
        var before = CatalogSamples.Association();
        await Catalog.TryAddAssociationAsync(before, CatalogSamples.Token(before.Id.Value), Cancellation);
        var given = before with { Lifecycle = AssociationLifecycle.Failed };
        var fresh = CatalogSamples.Token(before.Id.Value, "token-2");

        Assert.False(await Catalog.TryUpdateAssociationAsync(given, AssociationLifecycle.Available, fresh, Cancellation));
        Assert.False(await Catalog.TryUpdateAssociationAsync(
            CatalogSamples.Association(2), AssociationLifecycle.Creating, fresh, Cancellation));
        Assert.False(await Catalog.TryUpdateAssociationAsync(
            given, AssociationLifecycle.Creating, CatalogSamples.Token(before.Id.Value), Cancellation));

        Assert.Equivalent(before, await Catalog.FindAssociationAsync(before.Id, Cancellation), strict: true);
        Assert.Null(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-2", Cancellation));
    }

    [Fact]
    public async Task Removing_an_association_removes_its_tags_and_keeps_its_token()
    {
        await AddFileSystemAsync();
        var association = CatalogSamples.Association();
        await Catalog.TryAddAssociationAsync(association, CatalogSamples.Token(association.Id.Value), Cancellation);

        await Catalog.RemoveAssociationAsync(association.Id, Cancellation);
        await Catalog.RemoveAssociationAsync(association.Id, Cancellation);

        Assert.Null(await Catalog.FindAssociationAsync(association.Id, Cancellation));
        Assert.Empty(await Catalog.ListTagsAsync(association.Id.Value, Cancellation));
        Assert.NotNull(await Catalog.FindTokenAsync(CatalogSamples.Operation, "token-1", Cancellation));
    }

    [Fact]
    public async Task Associations_are_listed_by_ids_and_file_systems()
    {
        await AddFileSystemAsync(1);
        await AddFileSystemAsync(2);
        for (var number = 1; number <= 4; number++)
        {
            var of = CatalogSamples.FileSystem(number <= 2 ? 1 : 2);
            await Catalog.TryAddAssociationAsync(CatalogSamples.Association(number, of), token: null, Cancellation);
        }

        string one = CatalogSamples.FileSystem(1).Id.Value, two = CatalogSamples.FileSystem(2).Id.Value;
        var ids = new[] { IdOf(1), IdOf(3) };

        Assert.Equal([4, 3, 2, 1], await NumbersAsync(new AssociationFilter()));
        Assert.Equal([], await NumbersAsync(new AssociationFilter { Ids = [] }));
        Assert.Equal([], await NumbersAsync(new AssociationFilter { FileSystemIds = [[]] }));
        Assert.Equal([3, 1], await NumbersAsync(new AssociationFilter { Ids = ids }));
        Assert.Equal([2, 1], await NumbersAsync(new AssociationFilter { FileSystemIds = [[one]] }));
        Assert.Equal([4, 3, 2, 1], await NumbersAsync(new AssociationFilter { FileSystemIds = [[one, two]] }));
        Assert.Equal([], await NumbersAsync(new AssociationFilter { FileSystemIds = [[one], [two]] }));
        Assert.Equal([4, 3], await NumbersAsync(new AssociationFilter { FileSystemIds = [[one, two], [two]] }));
        Assert.Equal([1], await NumbersAsync(new AssociationFilter { Ids = ids, FileSystemIds = [[one]] }));
        Assert.Equal([], await NumbersAsync(new AssociationFilter { FileSystemIds = [["fs-00000000' OR '1'='1"]] }));

        static string IdOf(int number) => CatalogSamples.Association(number).Id.Value;
        async Task<IEnumerable<int>> NumbersAsync(AssociationFilter filter)
        {
            var all = await ListAllAsync(
                (after, limit) => Catalog.ListAssociationsAsync(filter, after, limit, Cancellation),
                item => new PageCursor(item.CreationTime, item.Id.Value));
            return all.Select(item => Convert.ToInt32(item.Id.Value[5..], 16));
        }
    }

    [Fact]
    public async Task A_second_association_with_the_same_id_is_refused()
    {
        await AddFileSystemAsync();
        await Catalog.TryAddAssociationAsync(CatalogSamples.Association(), token: null, Cancellation);

        await Assert.ThrowsAsync<CatalogException>(
            () => Catalog.TryAddAssociationAsync(CatalogSamples.Association(), token: null, Cancellation));
    }
}
