namespace Sluice.Posix;

/// <summary>Makes the entries of a directory durable: after a rename into it, before success is told.</summary>
public static class DirectorySync
{
    /// <summary>fsync(2) of the directory <paramref name="path"/>.</summary>
    public static void Flush(string path)
    {
        using var directory = FileSystemCalls.OpenRoot(path);
        FileSystemCalls.Flush(directory);
    }
}
