using Sluice.Catalog;
using Sluice.Catalog.Sqlite;

namespace Sluice.ConformanceTests.Catalog;

public sealed class SqliteCatalogTests : CatalogSuite
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sluice-catalog-");

    protected override Task<ICatalog> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ICatalog>(SqliteCatalog.Open(Path.Combine(_directory.FullName, "catalog.db")));

    protected override ValueTask RemoveStoreAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
