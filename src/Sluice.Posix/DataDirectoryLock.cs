namespace Sluice.Posix;

/// <summary>One process owns a directory: an flock(2) that ends with the process, however it ends.</summary>
public sealed class DataDirectoryLock : IDisposable
{
    private readonly Fd _file;

    private DataDirectoryLock(Fd file) => _file = file;

    /// <summary>Takes the lock file <paramref name="name"/> in <paramref name="directory"/>; null when another process has it.</summary>
    public static DataDirectoryLock? TryAcquire(string directory, string name)
    {
        using var parent = FileSystemCalls.OpenRoot(directory);
        var file = FileSystemCalls.OpenBeneath(parent, System.Text.Encoding.UTF8.GetBytes(name), OpenFlags.ReadWriteCreate, mode: 0x180);
        if (LibC.flock(file, Numbers.LOCK_EX | Numbers.LOCK_NB) == 0) return new DataDirectoryLock(file);
        file.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
