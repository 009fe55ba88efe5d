using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Sluice.Catalog.Sqlite;

/// <summary>Brings a database to this program's schema: numbered scripts, forward only, each in a transaction of its own with its number
/// (<c>PRAGMA user_version</c>).</summary>
internal static class Migrations
{
    /// <summary>Applies what is missing.</summary>
    /// <exception cref="CatalogException">The database was written by a newer program.</exception>
    public static void Apply(SqliteConnection connection, string file)
    {
        var scripts = Scripts();
        var version = connection.Query("PRAGMA user_version", reader => reader.GetInt64(0))[0];
        if (version > scripts.Count)
        {
            throw new CatalogException(
                $"The catalog '{file}' has schema {version}; this program knows schemas up to {scripts.Count}. Start a newer program on it.",
                isTransient: false);
        }

        for (var next = (int)version; next < scripts.Count; next++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(scripts[next]);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {next + 1}"));
            transaction.Commit();
        }
    }

    private static List<string> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(name => char.IsAsciiDigit(name[0])).Order(StringComparer.Ordinal).Select(Read)];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
