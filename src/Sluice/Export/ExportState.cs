using System.Security.Cryptography;
using System.Text;
using Sluice.Posix;

namespace Sluice.CommandLine.Export;

/// <summary>
/// Where an export without a server keeps its own files: <c>HOME/exports/ID</c>, the id a hash of source, target and endpoint, so that the next run
/// of the same export finds them.
/// <code>
/// lock          one run at a time
/// catalog.db    the task under way and its open multipart uploads
/// tasks/        rows of failed files while it runs
/// failures.csv  rows of failed files of the last run that had any
/// </code>
/// </summary>
internal sealed class ExportState : IDisposable
{
    private readonly string _directory;
    private readonly DataDirectoryLock _lock;

    private ExportState(string directory, DataDirectoryLock directoryLock) => (_directory, _lock) = (directory, directoryLock);

    /// <summary>The catalog.</summary>
    public string Catalog => Path.Combine(_directory, "catalog.db");

    /// <summary>The engine's own files.</summary>
    public string WorkDirectory => Path.Combine(_directory, "tasks");

    /// <summary>The list of failed files.</summary>
    public string Failures => Path.Combine(_directory, "failures.csv");

    /// <summary>Where states are kept unless told otherwise.</summary>
    public static string DefaultHome(CommandContext context) => Path.Combine(
        context.Variable("XDG_STATE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state"),
        "sluice");

    /// <summary>Takes the state of an export.</summary>
    /// <exception cref="IOException">Another process runs the same export, or the directory can't be used.</exception>
    public static ExportState Open(string home, ExportRequest request)
    {
        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Source}\0{request.Target}\0{request.Endpoint}")).AsSpan(0, 8);
        var directory = Path.Combine(home, "exports", Convert.ToHexStringLower(id));
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var lockFile = Path.Combine(directory, "lock");
        if (DataDirectoryLock.TryAcquire(lockFile) is { } directoryLock) return new ExportState(directory, directoryLock);
        var owner = DataDirectoryLock.OwnerOf(lockFile) is { } id32 ? $", process {id32}" : "";
        throw new IOException($"'{request.Source}' is being exported to '{request.Target}' already{owner}.");
    }

    /// <summary>Makes the rows that a task left the list of failed files: the whole list or, after a crash, the old one. Without rows there is none.</summary>
    /// <returns>Path of the list; null when nothing failed.</returns>
    public string? PublishFailures(string taskId)
    {
        var rows = new FileInfo(Path.Combine(WorkDirectory, $"{taskId}.csv"));
        if (!rows.Exists || rows.Length == 0)
        {
            rows.Delete();
            File.Delete(Failures);
            return null;
        }

        using (var file = new FileStream(rows.FullName, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
        rows.MoveTo(Failures, overwrite: true);
        DirectorySync.Flush(_directory);
        return Failures;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
