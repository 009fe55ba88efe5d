using Microsoft.Data.Sqlite;

#pragma warning disable CA1849 // SQLite has no asynchronous calls: the driver's only pretend. Transactions are short.

namespace Sluice.Catalog.Sqlite;

/// <summary>
/// The catalog in one SQLite file: write-ahead log, <c>synchronous = FULL</c>, so that a commit survives a power cut. One connection does all the
/// writing, one transaction at a time; a few read beside it. The caller sees to it that only one process opens the file.
/// </summary>
public sealed partial class SqliteCatalog : ICatalog
{
    private const int Readers = 4;

    private static readonly FileStreamOptions NewFile = new()
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

#pragma warning disable CA2213 // Never disposed: whoever waits for them when the catalog is closed has to be told, and would wait for ever.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading = new(Readers, Readers);
#pragma warning restore CA2213
    private readonly string _file;
    private readonly SqliteConnection _writer;
    private readonly Stack<SqliteConnection> _readers = new();
    private bool _isClosed;

    private SqliteCatalog(string file, SqliteConnection writer) => (_file, _writer) = (file, writer);

    /// <summary>Opens or makes the catalog at <paramref name="file"/> (mode 0600) and brings its schema up to date.</summary>
    /// <exception cref="CatalogException">It can't be opened, is no catalog, or is a newer program's.</exception>
    public static SqliteCatalog Open(string file)
    {
        var connection = new SqliteConnection(ConnectionString(file));
        try
        {
            // SQLite gives a new file and its log the mode of the database file.
            new FileStream(file, NewFile).Dispose();
            connection.Open();
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            Migrations.Apply(connection, file);
            return new SqliteCatalog(file, connection);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection.Dispose();
            throw e is SqliteException sqlite
                ? SqliteErrors.Translate(sqlite, file)
                : new CatalogException($"The catalog '{file}' can't be opened: {e.Message}", isTransient: false, e);
        }
        catch (CatalogException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Waits for the calls under way; those behind it get an <see cref="ObjectDisposedException"/>.</remarks>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        for (var i = 0; i < Readers; i++) await _reading.WaitAsync();
        try
        {
            if (_isClosed) return;
            _isClosed = true;
            foreach (var reader in _readers) await reader.DisposeAsync();
            await _writer.DisposeAsync();
        }
        finally
        {
            _reading.Release(Readers);
            _writing.Release();
        }
    }

    private static string ConnectionString(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 10 }.ToString();

    /// <summary>Runs <paramref name="work"/> in one transaction, committed when it returns.</summary>
    private Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        WriteAsync(work, static _ => true, cancellationToken);

    /// <summary>Runs <paramref name="work"/> in one transaction, committed where <paramref name="keep"/> approves of its result, else rolled back.</summary>
    private async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, Func<T, bool> keep, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            using var transaction = _writer.BeginTransaction(deferred: false);
            var result = work(_writer);
            if (keep(result)) transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, _file);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Runs <paramref name="work"/> on one consistent state.</summary>
    private async Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        SqliteConnection? connection = null;
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            connection = TakeReader();
            using var transaction = connection.BeginTransaction(deferred: true);
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, _file);
        }
        finally
        {
            if (connection is not null)
            {
                lock (_readers) _readers.Push(connection);
            }

            _reading.Release();
        }
    }

    private SqliteConnection TakeReader()
    {
        lock (_readers)
        {
            if (_readers.TryPop(out var idle)) return idle;
        }

        var connection = new SqliteConnection(ConnectionString(_file));
        connection.Open();
        return connection;
    }
}
