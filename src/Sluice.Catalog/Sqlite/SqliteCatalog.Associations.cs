using Microsoft.Data.Sqlite;
using Sluice.Core.Associations;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using static Sluice.Catalog.Sqlite.SqliteStatement;

namespace Sluice.Catalog.Sqlite;

/// <summary>Associations.</summary>
public sealed partial class SqliteCatalog
{
    /// <inheritdoc/>
    public Task<AddResult> TryAddAssociationAsync(
        DataRepositoryAssociation association, RequestToken? token, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            if (!connection.TryAddToken(token)) return AddResult.TokenTaken;
            if (IsFileSystemGone(connection, association.FileSystemId)) return AddResult.FileSystemGone;
            connection.Execute(
                """
                INSERT INTO associations (id, file_system_id, lifecycle, file_system_path, data_repository_path, batch_import, chunk_size_mib, has_s3,
                    auto_import_events, auto_export_events, delete_data, creation_time, failure_message)
                VALUES (@id, @fileSystem, @lifecycle, @path, @repository, @batch, @chunk, @s3, @import, @export, @delete, @created, @failure)
                """,
                [
                    .. Changeable(association), ("@fileSystem", association.FileSystemId.Value), ("@path", association.FileSystemPath),
                    ("@repository", association.DataRepositoryPath), ("@created", Milliseconds(association.CreationTime)),
                ]);
            connection.AddTags(association.Id.Value, association.Tags);
            return AddResult.Added;
        },
        static result => result == AddResult.Added,
        cancellationToken);

    /// <inheritdoc/>
    public Task<DataRepositoryAssociation?> FindAssociationAsync(AssociationId id, CancellationToken cancellationToken) => ReadAsync(
        connection => connection.Query("SELECT * FROM associations WHERE id = @id", AssociationRow(connection), ("@id", id.Value)).FirstOrDefault(),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DataRepositoryAssociation>> ListAssociationsAsync(
        AssociationFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        var parameters = new List<(string, object?)>(PageParameters(after, limit));
        var conditions = new List<string> { PageCondition };
        if (filter.Ids is { } ids) conditions.Add(In("id", ids, "id", parameters));
        foreach (var (index, fileSystems) in filter.FileSystemIds.Index()) conditions.Add(In("file_system_id", fileSystems, $"fs{index}_", parameters));
        var sql = $"SELECT * FROM associations WHERE {string.Join(" AND ", conditions)} ORDER BY creation_time DESC, id DESC LIMIT @limit";
        return ReadAsync<IReadOnlyList<DataRepositoryAssociation>>(
            connection => connection.Query(sql, AssociationRow(connection), [.. parameters]), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> TryUpdateAssociationAsync(
        DataRepositoryAssociation association, AssociationLifecycle expected, RequestToken? token, CancellationToken cancellationToken) => WriteAsync(
        connection => connection.TryAddToken(token) && Replace(connection, association, expected), static updated => updated, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryFinishAssociationAsync(
        DataRepositoryAssociation association, RepositoryTask import, CancellationToken cancellationToken)
    {
        CheckNew(import);
        return WriteAsync(
            connection => Replace(connection, association, AssociationLifecycle.Creating) && Insert(connection, import) == AddResult.Added,
            static finished => finished,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAssociationAsync(AssociationId id, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            connection.Execute("DELETE FROM tags WHERE resource_id = @id", ("@id", id.Value));
            return connection.Execute("DELETE FROM associations WHERE id = @id", ("@id", id.Value));
        },
        cancellationToken);

    private static bool Replace(SqliteConnection connection, DataRepositoryAssociation association, AssociationLifecycle expected) => connection.Execute(
        """
        UPDATE associations SET lifecycle = @lifecycle, batch_import = @batch, chunk_size_mib = @chunk, has_s3 = @s3, auto_import_events = @import,
            auto_export_events = @export, delete_data = @delete, failure_message = @failure
        WHERE id = @id AND lifecycle = @expected
        """,
        [.. Changeable(association), ("@expected", Words.Of(expected))]) == 1;

    private static (string, object?)[] Changeable(DataRepositoryAssociation association) =>
    [
        ("@id", association.Id.Value), ("@lifecycle", Words.Of(association.Lifecycle)), ("@batch", association.BatchImportMetaDataOnCreate),
        ("@chunk", association.ImportedFileChunkSizeMiB), ("@s3", association.HasS3Configuration), ("@import", Join(association.AutoImportEvents)),
        ("@export", Join(association.AutoExportEvents)), ("@delete", association.DeleteDataInFileSystem), ("@failure", association.FailureMessage),
    ];

    private static string? Join(IReadOnlyList<string>? events) => events is null ? null : string.Join(',', events);

    private static IReadOnlyList<string>? Split(string? events) => events?.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static Func<SqliteDataReader, DataRepositoryAssociation> AssociationRow(SqliteConnection connection) => reader => new DataRepositoryAssociation
    {
        Id = AssociationId.Parse(reader.Text("id")!),
        FileSystemId = FileSystemId.Parse(reader.Text("file_system_id")!),
        Lifecycle = Words.AssociationLifecycleOf(reader.Text("lifecycle")!),
        FileSystemPath = reader.Text("file_system_path")!,
        DataRepositoryPath = reader.Text("data_repository_path")!,
        BatchImportMetaDataOnCreate = reader.Number("batch_import") != 0,
        ImportedFileChunkSizeMiB = (int)reader.Number("chunk_size_mib")!.Value,
        HasS3Configuration = reader.Number("has_s3") != 0,
        AutoImportEvents = Split(reader.Text("auto_import_events")),
        AutoExportEvents = Split(reader.Text("auto_export_events")),
        DeleteDataInFileSystem = reader.Number("delete_data") != 0,
        CreationTime = reader.Instant("creation_time")!.Value,
        FailureMessage = reader.Text("failure_message"),
        Tags = connection.Tags(reader.Text("id")!),
    };
}
