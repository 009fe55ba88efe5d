using Sluice.Catalog;
using Sluice.Core.FileSystems;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.ConformanceTests.Catalog;

/// <summary>
/// What every catalog has to do: each sentence of <see cref="ICatalog"/> as a test. A store proves itself by deriving from this
/// class and saying how it is opened.
/// </summary>
public abstract partial class CatalogSuite : IAsyncLifetime
{
    private ICatalog? _catalog;

    /// <summary>The catalog under test, empty at first.</summary>
    protected ICatalog Catalog => _catalog ?? throw new InvalidOperationException("The catalog is not open.");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _catalog = await OpenAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_catalog is not null) await _catalog.DisposeAsync();
        await RemoveStoreAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test; the first time it is empty, later it has what was written.</summary>
    protected abstract Task<ICatalog> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Removes the store of this test.</summary>
    protected abstract ValueTask RemoveStoreAsync();

    protected async Task ReopenAsync()
    {
        await Catalog.DisposeAsync();
        _catalog = await OpenAsync(Cancellation);
    }

    private async Task<FileSystem> AddFileSystemAsync(int number = 1)
    {
        var fileSystem = CatalogSamples.FileSystem(number);
        Assert.True(await Catalog.TryAddFileSystemAsync(fileSystem, token: null, Cancellation));
        return fileSystem;
    }

    private async Task<RepositoryTask> AddTaskAsync(int number = 1, FileSystem? of = null)
    {
        var task = CatalogSamples.Task(number, of);
        Assert.Equal(AddResult.Added, await Catalog.TryAddTaskAsync(task, token: null, Cancellation));
        return task;
    }

    /// <summary>Adds a task and leads it to a state: started at second 1, asked to cancel at 2, ended at 3.</summary>
    private async Task<RepositoryTask> AddTaskInAsync(TaskLifecycle lifecycle, int number = 1)
    {
        var task = await AddTaskAsync(number);
        (TaskEvent Event, int Second)[] way = lifecycle switch
        {
            TaskLifecycle.Pending => [],
            TaskLifecycle.Executing => [(TaskEvent.Start, 1)],
            TaskLifecycle.Canceling => [(TaskEvent.Start, 1), (TaskEvent.Cancel, 2)],
            TaskLifecycle.Canceled => [(TaskEvent.Start, 1), (TaskEvent.Cancel, 2), (TaskEvent.Drain, 3)],
            TaskLifecycle.Succeeded => [(TaskEvent.Start, 1), (TaskEvent.Succeed, 3)],
            TaskLifecycle.Failed => [(TaskEvent.Start, 1), (TaskEvent.Fail, 3)],
        };
        foreach (var (taskEvent, second) in way)
        {
            var result = await Catalog.ApplyAsync(task.Id, taskEvent, CatalogSamples.At(second), Cancellation);
            Assert.NotNull(result?.After);
        }

        return await FindAsync(task);
    }

    private async Task<RepositoryTask> FindAsync(RepositoryTask task) =>
        await Catalog.FindTaskAsync(task.Id, Cancellation) ?? throw new InvalidOperationException($"Task {task.Id} is gone.");

    /// <summary>Walks all pages of a listing, two rows at a time.</summary>
    private static async Task<IReadOnlyList<T>> ListAllAsync<T>(Func<PageCursor?, int, Task<IReadOnlyList<T>>> list, Func<T, PageCursor> cursorOf)
    {
        var all = new List<T>();
        for (PageCursor? after = null; ; after = cursorOf(all[^1]))
        {
            var page = await list(after, 2);
            Assert.True(page.Count <= 2);
            all.AddRange(page);
            if (page.Count < 2) return all;
        }
    }
}
