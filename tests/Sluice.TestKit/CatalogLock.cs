namespace Sluice.TestKit;

/// <summary>Another process that has the catalog's write lock, as a backup program may; disposal gives it back.</summary>
public sealed class CatalogLock : IAsyncDisposable
{
    private const string Script = """
        import sqlite3, sys, time
        catalog = sqlite3.connect(sys.argv[1], isolation_level=None)
        catalog.execute("BEGIN EXCLUSIVE")
        print("locked", flush=True)
        time.sleep(600)
        """;

    private readonly ProcessRunner _process;

    private CatalogLock(ProcessRunner process) => _process = process;

    /// <summary>Takes the lock of the catalog in a server's data directory.</summary>
    public static async Task<CatalogLock> TakeAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var process = await ProcessRunner.StartAsync(
            new(Require.Tool(Require.Python)) { Arguments = ["-c", Script, Path.Combine(dataDirectory, "catalog.db")] }, cancellationToken);
        try
        {
            await process.WaitForLineAsync(line => line == "locked", Hang.Limit, cancellationToken);
            return new CatalogLock(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
