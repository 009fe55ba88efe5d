using Microsoft.Data.Sqlite;

namespace Sluice.Catalog.Sqlite;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) as <see cref="CatalogException"/>, with what to do about them.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CantOpen = 14;
    private const int NotADatabase = 26;

    public static CatalogException Translate(SqliteException e, string file) => new(
        $"The catalog '{file}' {Advice(e.SqliteErrorCode)} ({e.Message})", e.SqliteErrorCode is Busy or Locked, e);

    private static string Advice(int code) => code switch
    {
        Busy or Locked => "is busy.",
        Full => "can't grow: make room on its disk.",
        ReadOnly => "is read-only: check the rights of the file and its directory, and whether the file system was remounted read-only.",
        Corrupt or NotADatabase => "is damaged: restore it from a backup.",
        IoError => "can't be read or written: check the disk.",
        CantOpen => "can't be opened: check the rights of the file and its directory, and the limit of open files (ulimit -n).",
        _ => "failed.",
    };
}
