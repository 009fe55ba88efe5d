using Microsoft.Data.Sqlite;
using Sluice.Core;
using Sluice.Core.Ids;
using static Sluice.Catalog.Sqlite.SqliteStatement;

namespace Sluice.Catalog.Sqlite;

/// <summary>Tokens, tags and the journal of multipart uploads.</summary>
public sealed partial class SqliteCatalog
{
    /// <inheritdoc/>
    public Task<RequestToken?> FindTokenAsync(string operation, string token, CancellationToken cancellationToken) => ReadAsync(
        connection => connection.Query(
            "SELECT * FROM tokens WHERE operation = @operation AND token = @token",
            reader => new RequestToken(operation, token, reader.Text("resource_id")!, reader.Text("request")!, reader.Instant("time")!.Value),
            ("@operation", operation), ("@token", token)).FirstOrDefault(),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ResourceTag>> ListTagsAsync(string resourceId, CancellationToken cancellationToken) =>
        ReadAsync(connection => connection.Tags(resourceId), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryPutTagsAsync(string resourceId, IReadOnlyList<ResourceTag> tags, int maximum, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            if (!IsKnown(connection, resourceId)) return false;
            connection.AddTags(resourceId, tags);
            return connection.Tags(resourceId).Count <= maximum;
        },
        static isWithin => isWithin,
        cancellationToken);

    /// <inheritdoc/>
    public Task RemoveTagsAsync(string resourceId, IReadOnlyList<string> keys, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            foreach (var key in keys) connection.Execute("DELETE FROM tags WHERE resource_id = @id AND key = @key", ("@id", resourceId), ("@key", key));
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<long> AddUploadAsync(UploadIntent upload, CancellationToken cancellationToken) => WriteAsync(
        connection => connection.Query(
            "INSERT INTO uploads (task_id, bucket, key, time) VALUES (@task, @bucket, @key, @time) RETURNING number",
            reader => reader.GetInt64(0),
            ("@task", upload.TaskId.Value), ("@bucket", upload.Bucket), ("@key", upload.Key), ("@time", Milliseconds(upload.Time)))[0],
        cancellationToken);

    /// <inheritdoc/>
    public Task SetUploadIdAsync(long number, string uploadId, CancellationToken cancellationToken) => WriteAsync(
        connection => connection.Execute("UPDATE uploads SET upload_id = @upload WHERE number = @number", ("@upload", uploadId), ("@number", number)) == 1
            ? true
            : throw new CatalogException($"There is no journal entry {number} for the upload '{uploadId}'.", isTransient: false),
        cancellationToken);

    /// <inheritdoc/>
    public Task RemoveUploadAsync(long number, CancellationToken cancellationToken) => WriteAsync(
        connection => connection.Execute("DELETE FROM uploads WHERE number = @number", ("@number", number)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournaledUpload>> ListUploadsAsync(TaskId? taskId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<JournaledUpload>>(
            connection => connection.Query(
                "SELECT * FROM uploads WHERE @task IS NULL OR task_id = @task ORDER BY number",
                reader => new JournaledUpload(
                    reader.Number("number")!.Value,
                    new UploadIntent(
                        TaskId.Parse(reader.Text("task_id")!), reader.Text("bucket")!, reader.Text("key")!, reader.Instant("time")!.Value),
                    reader.Text("upload_id")),
                ("@task", taskId?.Value)),
            cancellationToken);

    private static bool IsKnown(SqliteConnection connection, string resourceId) => connection.Query(
        """
        SELECT 1 FROM file_systems WHERE id = @id UNION ALL SELECT 1 FROM associations WHERE id = @id UNION ALL SELECT 1 FROM tasks WHERE id = @id
        """,
        reader => reader.GetInt64(0),
        ("@id", resourceId)).Count > 0;
}
