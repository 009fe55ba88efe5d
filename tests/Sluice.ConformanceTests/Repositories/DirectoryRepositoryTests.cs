using Sluice.Repositories;
using Sluice.Repositories.Directory;
using Sluice.TestKit;

namespace Sluice.ConformanceTests.Repositories;

/// <summary>The repository in a directory.</summary>
public sealed class DirectoryRepositoryTests : RepositorySuite
{
    private TempDirectory? _temp;

    protected override int SmallestPartBytes => 100_000;

    protected override int LongestKeyBytes => 1024;

    protected override Task<IObjectRepository> OpenAsync()
    {
        _temp = TempDirectory.Create();
        Directory.CreateDirectory(_temp["bucket"]);
        return Task.FromResult<IObjectRepository>(new DirectoryRepository(_temp["bucket"], TimeProvider.System));
    }

    protected override IObjectRepository OpenMissing() => new DirectoryRepository(_temp!["missing"], TimeProvider.System);

    protected override ValueTask RemoveAsync() => _temp?.DisposeAsync() ?? ValueTask.CompletedTask;
}
