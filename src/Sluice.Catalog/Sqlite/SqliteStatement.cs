using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Core;

namespace Sluice.Catalog.Sqlite;

/// <summary>Short forms for commands, parameters and columns.</summary>
internal static class SqliteStatement
{
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // All SQL is constant text of this assembly; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public static string? Text(this SqliteDataReader reader, string column) =>
        reader.GetOrdinal(column) is var ordinal && reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static long? Number(this SqliteDataReader reader, string column) =>
        reader.GetOrdinal(column) is var ordinal && reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);

    public static DateTimeOffset? Instant(this SqliteDataReader reader, string column) =>
        reader.Number(column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    public static long Milliseconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    /// <summary>A value list as parameters <c>@p0, @p1, …</c>; names carry <paramref name="prefix"/> so that several lists fit in one statement.</summary>
    public static string In(string column, IReadOnlyList<string> values, string prefix, List<(string, object?)> parameters)
    {
        if (values.Count == 0) return "0";
        var names = new List<string>(values.Count);
        foreach (var value in values)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"@{prefix}{names.Count}");
            names.Add(name);
            parameters.Add((name, value));
        }

        return $"{column} IN ({string.Join(", ", names)})";
    }

    public static IReadOnlyList<ResourceTag> Tags(this SqliteConnection connection, string resourceId) => connection.Query(
        "SELECT key, value FROM tags WHERE resource_id = @id ORDER BY key",
        reader => new ResourceTag(reader.GetString(0), reader.GetString(1)),
        ("@id", resourceId));

    public static void AddTags(this SqliteConnection connection, string resourceId, IReadOnlyList<ResourceTag> tags)
    {
        foreach (var tag in tags)
        {
            connection.Execute(
                "INSERT INTO tags (resource_id, key, value) VALUES (@id, @key, @value) ON CONFLICT DO UPDATE SET value = excluded.value",
                ("@id", resourceId), ("@key", tag.Key), ("@value", tag.Value));
        }
    }

    /// <returns>False when the token is taken.</returns>
    public static bool TryAddToken(this SqliteConnection connection, RequestToken? token) =>
        token is null
        || connection.Execute(
            "INSERT INTO tokens (operation, token, resource_id, request, time) VALUES (@operation, @token, @id, @request, @time) ON CONFLICT DO NOTHING",
            ("@operation", token.Operation), ("@token", token.Token), ("@id", token.ResourceId), ("@request", token.Request),
            ("@time", Milliseconds(token.Time))) == 1;
}
