using Sluice.Catalog;
using Sluice.Catalog.Sqlite;

namespace Sluice.ConformanceTests.Catalog;

public sealed class SqliteCatalogTests : CatalogSuite
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sluice-catalog-");

    protected override async Task<ICatalog> OpenAsync(CancellationToken cancellationToken) =>
        await SqliteCatalog.OpenAsync(Path.Combine(_directory.FullName, "catalog.db"), TimeProvider.System, cancellationToken);

    protected override ValueTask RemoveStoreAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
