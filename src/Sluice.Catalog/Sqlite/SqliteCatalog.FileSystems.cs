using Microsoft.Data.Sqlite;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using static Sluice.Catalog.Sqlite.SqliteStatement;

namespace Sluice.Catalog.Sqlite;

/// <summary>File systems.</summary>
public sealed partial class SqliteCatalog
{
    /// <inheritdoc/>
    public Task<bool> TryAddFileSystemAsync(FileSystem fileSystem, RequestToken? token, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            if (!connection.TryAddToken(token)) return false;
            connection.Execute(
                """
                INSERT INTO file_systems (id, lifecycle, root_path, adopted, settings, creation_time, failure_message)
                VALUES (@id, @lifecycle, @root, @adopted, @settings, @created, @failure)
                """,
                ("@id", fileSystem.Id.Value), ("@lifecycle", Words.Of(fileSystem.Lifecycle)), ("@root", fileSystem.RootPath),
                ("@adopted", fileSystem.Adopted), ("@settings", fileSystem.Settings), ("@created", Milliseconds(fileSystem.CreationTime)),
                ("@failure", fileSystem.FailureMessage));
            connection.AddTags(fileSystem.Id.Value, fileSystem.Tags);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<FileSystem?> FindFileSystemAsync(FileSystemId id, CancellationToken cancellationToken) => ReadAsync(
        connection => connection.Query("SELECT * FROM file_systems WHERE id = @id", Row(connection), ("@id", id.Value)).FirstOrDefault(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FileSystem>> ListFileSystemsAsync(PageCursor? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<FileSystem>>(
            connection => connection.Query(
                $"SELECT * FROM file_systems WHERE {PageCondition} ORDER BY creation_time DESC, id DESC LIMIT @limit", Row(connection),
                PageParameters(after, limit)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryUpdateFileSystemAsync(
        FileSystem fileSystem, FileSystemLifecycle expected, RequestToken? token, CancellationToken cancellationToken) => WriteAsync(
        connection => connection.TryAddToken(token) && connection.Execute(
            "UPDATE file_systems SET lifecycle = @lifecycle, settings = @settings, failure_message = @failure WHERE id = @id AND lifecycle = @expected",
            ("@lifecycle", Words.Of(fileSystem.Lifecycle)), ("@settings", fileSystem.Settings), ("@failure", fileSystem.FailureMessage),
            ("@id", fileSystem.Id.Value), ("@expected", Words.Of(expected))) == 1,
        static updated => updated,
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryBeginDeleteFileSystemAsync(FileSystemId id, RequestToken? token, CancellationToken cancellationToken) => WriteAsync(
        connection => (connection.TryAddToken(token) || IsTokenOf(connection, token!, id)) && connection.Execute(
            """
            UPDATE file_systems SET lifecycle = 'DELETING'
            WHERE id = @id AND NOT EXISTS (SELECT 1 FROM tasks WHERE file_system_id = @id AND end_time IS NULL)
            """,
            ("@id", id.Value)) == 1,
        static begun => begun,
        cancellationToken);

    /// <inheritdoc/>
    public Task RemoveFileSystemAsync(FileSystemId id, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            connection.Execute(
                """
                DELETE FROM tags WHERE resource_id = @id
                    OR resource_id IN (SELECT id FROM tasks WHERE file_system_id = @id)
                    OR resource_id IN (SELECT id FROM associations WHERE file_system_id = @id)
                """,
                ("@id", id.Value));
            return connection.Execute("DELETE FROM file_systems WHERE id = @id", ("@id", id.Value));
        },
        cancellationToken);

    private const string PageCondition = "(@time IS NULL OR (creation_time, id) < (@time, @after))";

    private static (string, object?)[] PageParameters(PageCursor? after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return
        [
            ("@time", after is { } cursor ? Milliseconds(cursor.CreationTime) : null), ("@after", after?.Id), ("@limit", limit),
        ];
    }

    private static bool IsTokenOf(SqliteConnection connection, RequestToken token, FileSystemId id) => connection.Query(
        "SELECT resource_id FROM tokens WHERE operation = @operation AND token = @token",
        reader => reader.GetString(0),
        ("@operation", token.Operation), ("@token", token.Token)).Contains(id.Value);

    private static bool IsFileSystemGone(SqliteConnection connection, FileSystemId id) => connection.Query(
        "SELECT 1 FROM file_systems WHERE id = @id AND lifecycle <> 'DELETING'", reader => reader.GetInt64(0), ("@id", id.Value)).Count == 0;

    private static Func<SqliteDataReader, FileSystem> Row(SqliteConnection connection) => reader => new FileSystem
    {
        Id = FileSystemId.Parse(reader.Text("id")!),
        Lifecycle = Words.FileSystemLifecycleOf(reader.Text("lifecycle")!),
        RootPath = reader.Text("root_path")!,
        Adopted = reader.Number("adopted") != 0,
        Settings = reader.Text("settings")!,
        CreationTime = reader.Instant("creation_time")!.Value,
        FailureMessage = reader.Text("failure_message"),
        Tags = connection.Tags(reader.Text("id")!),
    };
}
