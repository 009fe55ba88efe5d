using Sluice.Posix;

namespace Sluice.Hydrator.Guarding;

/// <summary>Locks on the files of one file system, across processes: a byte of a lock file for each inode number.</summary>
internal sealed class FileLocks(string path, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for the lock of a file.</summary>
    public async ValueTask<IDisposable> LockAsync(Fd file, CancellationToken cancellationToken)
    {
        var inode = FileSystemCalls.Status(file).Inode;
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            if (ByteRangeLock.TryAcquire(path, inode) is { } held) return held;
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
