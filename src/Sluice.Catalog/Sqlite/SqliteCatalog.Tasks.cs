using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using static Sluice.Catalog.Sqlite.SqliteStatement;

namespace Sluice.Catalog.Sqlite;

/// <summary>Tasks and their lifecycles.</summary>
public sealed partial class SqliteCatalog
{
    /// <inheritdoc/>
    public Task<AddResult> TryAddTaskAsync(RepositoryTask task, RequestToken? token, CancellationToken cancellationToken)
    {
        CheckNew(task);
        return WriteAsync(
            connection => connection.TryAddToken(token) ? Insert(connection, task) : AddResult.TokenTaken,
            static result => result == AddResult.Added,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RepositoryTask?> FindTaskAsync(TaskId id, CancellationToken cancellationToken) => ReadAsync(
        connection => connection.Query("SELECT * FROM tasks WHERE id = @id", TaskRow(connection), ("@id", id.Value)).FirstOrDefault(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RepositoryTask>> ListTasksAsync(TaskFilter filter, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        var parameters = new List<(string, object?)>(PageParameters(after, limit));
        var conditions = new List<string> { PageCondition };
        if (filter.Ids is { } ids) conditions.Add(In("id", ids, "id", parameters));
        foreach (var (index, fileSystems) in filter.FileSystemIds.Index()) conditions.Add(In("file_system_id", fileSystems, $"fs{index}_", parameters));
        foreach (var (index, states) in filter.Lifecycles.Index())
            conditions.Add(In("lifecycle", [.. states.Select(Words.Of)], $"lc{index}_", parameters));
        if (filter.Types is { } types) conditions.Add(In("type", [.. types.Select(Words.Of)], "type", parameters));
        var sql = $"SELECT * FROM tasks WHERE {string.Join(" AND ", conditions)} ORDER BY creation_time DESC, id DESC LIMIT @limit";
        return ReadAsync<IReadOnlyList<RepositoryTask>>(connection => connection.Query(sql, TaskRow(connection), [.. parameters]), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RepositoryTask>> ListUnendedTasksAsync(CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<RepositoryTask>>(
        connection => connection.Query("SELECT * FROM tasks WHERE end_time IS NULL ORDER BY creation_time, rowid", TaskRow(connection)), cancellationToken);

    /// <inheritdoc/>
    public Task<TransitionResult?> ApplyAsync(
        TaskId id, TaskEvent taskEvent, TransitionDetails details, CancellationToken cancellationToken) => WriteAsync<TransitionResult?>(
        connection =>
        {
            var rows = connection.Query(
                "SELECT lifecycle FROM tasks WHERE id = @id", reader => Words.TaskLifecycleOf(reader.GetString(0)), ("@id", id.Value));
            if (rows.Count == 0) return null;
            var before = rows[0];
            var after = TaskTransitions.Next(before, taskEvent);
            if (after is { } next && next != before) Transition(connection, id, before, next, details);
            return new TransitionResult(before, after);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RecordProgressAsync(TaskId id, TaskProgress progress, DateTimeOffset time, CancellationToken cancellationToken) => WriteAsync(
        connection => connection.Execute(
            """
            UPDATE tasks SET
                total_count = max(
                    coalesce(total_count, 0), @total, max(coalesce(succeeded_count, 0), @succeeded) + max(coalesce(failed_count, 0), @failed)),
                succeeded_count = max(coalesce(succeeded_count, 0), @succeeded),
                failed_count = max(coalesce(failed_count, 0), @failed), total_bytes = max(coalesce(total_bytes, 0), @totalBytes),
                succeeded_bytes = max(coalesce(succeeded_bytes, 0), @succeededBytes), progress_time = max(coalesce(progress_time, 0), @time)
            WHERE id = @id AND end_time IS NULL
            """,
            [.. Counters(progress), ("@id", id.Value), ("@time", Milliseconds(time))]),
        cancellationToken);

    /// <inheritdoc/>
    public Task<int> RemoveEndedTasksAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            (string, object?) cut = ("@cut", Milliseconds(endedBefore));
            connection.Execute("DELETE FROM tags WHERE resource_id IN (SELECT id FROM tasks WHERE end_time < @cut)", cut);
            var removed = connection.Execute("DELETE FROM tasks WHERE end_time < @cut", cut);
            connection.Execute(
                """
                DELETE FROM tokens WHERE time < @cut AND resource_id NOT IN (SELECT id FROM tasks)
                    AND resource_id NOT IN (SELECT id FROM file_systems) AND resource_id NOT IN (SELECT id FROM associations)
                """,
                cut);
            return removed;
        },
        cancellationToken);

    private static void CheckNew(RepositoryTask task)
    {
        if (task is not { Lifecycle: TaskLifecycle.Pending, StartTime: null, EndTime: null, FailureMessage: null, Progress: null, ProgressTime: null })
            throw new ArgumentException($"The task '{task.Id}' is not a new one: it has to be PENDING, without times, counters or failure.", nameof(task));
    }

    private static AddResult Insert(SqliteConnection connection, RepositoryTask task)
    {
        if (IsFileSystemGone(connection, task.FileSystemId)) return AddResult.FileSystemGone;
        connection.Execute(
            """
            INSERT INTO tasks (id, file_system_id, type, lifecycle, paths, report_enabled, report_path, report_format, report_scope,
                release_age_days, creation_time)
            VALUES (@id, @fileSystem, @type, @lifecycle, @paths, @enabled, @path, @format, @scope, @age, @created)
            """,
            ("@id", task.Id.Value), ("@fileSystem", task.FileSystemId.Value), ("@type", Words.Of(task.Type)),
            ("@lifecycle", Words.Of(task.Lifecycle)), ("@paths", JsonSerializer.Serialize(task.Paths, RowJson.Default.IReadOnlyListString)),
            ("@enabled", task.Report.Enabled), ("@path", task.Report.Path), ("@format", task.Report.Format), ("@scope", task.Report.Scope),
            ("@age", task.ReleaseAgeDays), ("@created", Milliseconds(task.CreationTime)));
        connection.AddTags(task.Id.Value, task.Tags);
        return AddResult.Added;
    }

    /// <summary>The compare-and-set. The lifecycle is compared again although the transaction read it: the row's rule does not depend on the
    /// transaction's isolation.</summary>
    private static void Transition(SqliteConnection connection, TaskId id, TaskLifecycle before, TaskLifecycle after, TransitionDetails details)
    {
        var time = Milliseconds(details.Time);
        connection.Execute(
            """
            UPDATE tasks SET lifecycle = @after,
                start_time = CASE WHEN @after = 'EXECUTING' THEN @time ELSE start_time END,
                end_time = CASE WHEN @ended THEN @time ELSE end_time END,
                failure_message = CASE WHEN @after = 'FAILED' THEN @failure ELSE failure_message END
            WHERE id = @id AND lifecycle = @before
            """,
            ("@after", Words.Of(after)), ("@time", time), ("@ended", after.IsEnded()), ("@failure", details.FailureMessage), ("@id", id.Value),
            ("@before", Words.Of(before)));
        if (details.Progress is not { } progress) return;
        connection.Execute(
            """
            UPDATE tasks SET total_count = @total, succeeded_count = @succeeded, failed_count = @failed, total_bytes = @totalBytes,
                succeeded_bytes = @succeededBytes, progress_time = @time
            WHERE id = @id
            """,
            [.. Counters(progress), ("@id", id.Value), ("@time", time)]);
    }

    private static (string, object?)[] Counters(TaskProgress progress) =>
    [
        ("@total", progress.TotalCount), ("@succeeded", progress.SucceededCount), ("@failed", progress.FailedCount),
        ("@totalBytes", progress.TotalBytes), ("@succeededBytes", progress.SucceededBytes),
    ];

    private static Func<SqliteDataReader, RepositoryTask> TaskRow(SqliteConnection connection) => reader => new RepositoryTask
    {
        Id = TaskId.Parse(reader.Text("id")!),
        FileSystemId = FileSystemId.Parse(reader.Text("file_system_id")!),
        Type = Words.TaskTypeOf(reader.Text("type")!),
        Lifecycle = Words.TaskLifecycleOf(reader.Text("lifecycle")!),
        Paths = JsonSerializer.Deserialize(reader.Text("paths")!, RowJson.Default.IReadOnlyListString)!,
        Report = new CompletionReport
        {
            Enabled = reader.Number("report_enabled") != 0,
            Path = reader.Text("report_path"),
            Format = reader.Text("report_format"),
            Scope = reader.Text("report_scope"),
        },
        ReleaseAgeDays = reader.Number("release_age_days"),
        CreationTime = reader.Instant("creation_time")!.Value,
        StartTime = reader.Instant("start_time"),
        EndTime = reader.Instant("end_time"),
        FailureMessage = reader.Text("failure_message"),
        Progress = reader.Number("total_count") is { } total
            ? new TaskProgress(
                total,
                reader.Number("succeeded_count")!.Value,
                reader.Number("failed_count")!.Value,
                reader.Number("total_bytes")!.Value,
                reader.Number("succeeded_bytes")!.Value)
            : null,
        ProgressTime = reader.Instant("progress_time"),
        Tags = connection.Tags(reader.Text("id")!),
    };
}

/// <summary>JSON within columns.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class RowJson : JsonSerializerContext;
