using Sluice.Core.Associations;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

public abstract partial class CatalogSuite
{
    private static RepositoryTask Import => CatalogSamples.Task() with { Type = TaskType.ImportMetadata };

    private static DataRepositoryAssociation Finished => CatalogSamples.Association() with { Lifecycle = AssociationLifecycle.Available, FailureMessage = null };

    [Fact]
    public async Task An_association_and_its_first_import_are_there_together_and_once()
    {
        await AddFileSystemAsync();
        await Catalog.TryAddAssociationAsync(CatalogSamples.Association(), token: null, Cancellation);

        Assert.True(await Catalog.TryFinishAssociationAsync(Finished, Import, Cancellation));
        Assert.False(await Catalog.TryFinishAssociationAsync(Finished, CatalogSamples.Task(2), Cancellation));
        await ReopenAsync();

        Assert.Equivalent(Finished, await Catalog.FindAssociationAsync(Finished.Id, Cancellation), strict: true);
        Assert.Equivalent(Import, Assert.Single(await Catalog.ListUnendedTasksAsync(Cancellation)), strict: true);
    }

    [Theory]
    [InlineData(AssociationLifecycle.Deleting)]
    [InlineData(AssociationLifecycle.Failed)]
    [InlineData(AssociationLifecycle.Available)]
    public async Task An_association_that_is_not_being_created_gets_no_first_import(AssociationLifecycle lifecycle)
    {
        await AddFileSystemAsync();
        var before = CatalogSamples.Association() with { Lifecycle = lifecycle };
        await Catalog.TryAddAssociationAsync(before, token: null, Cancellation);

        Assert.False(await Catalog.TryFinishAssociationAsync(Finished, Import, Cancellation));

        Assert.Equivalent(before, await Catalog.FindAssociationAsync(before.Id, Cancellation), strict: true);
        Assert.Empty(await Catalog.ListUnendedTasksAsync(Cancellation));
    }

    [Fact]
    public async Task Where_the_file_system_is_being_deleted_neither_association_nor_import_changes()
    {
        var fileSystem = await AddFileSystemAsync();
        await Catalog.TryAddAssociationAsync(CatalogSamples.Association(), token: null, Cancellation);
        await Catalog.TryBeginDeleteFileSystemAsync(fileSystem.Id, token: null, Cancellation);

        Assert.False(await Catalog.TryFinishAssociationAsync(Finished, Import, Cancellation));

        Assert.Equal(AssociationLifecycle.Creating, (await Catalog.FindAssociationAsync(Finished.Id, Cancellation))?.Lifecycle);
        Assert.Empty(await Catalog.ListUnendedTasksAsync(Cancellation));
    }
}
