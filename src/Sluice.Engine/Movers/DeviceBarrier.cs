using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>
/// What replaces a file is on the device before its object is replaced. Otherwise a loss of power could bring the file back as it was released, with its data
/// in an object that is there no more. One syncfs before the first file of an export; those that changed after it wait for another, together.
/// Only file systems whose files can be released need it.
/// </summary>
internal sealed class DeviceBarrier : IDisposable
{
    private readonly SyncGroup? _group;

    // All that was changed before this time is on the device.
    private long _reachedNs = long.MinValue;

    public DeviceBarrier(TaskContext context)
    {
        if (context.Files.Guard is not null) _group = new SyncGroup(FileSystemCalls.Reopen(context.Root, OpenFlags.ReadOnly | OpenFlags.Directory));
    }

    /// <summary>Returns when an inode's state, as its status shows it, is on the device, and so is how it got its name.</summary>
    /// <exception cref="PosixException">EIO: the device failed.</exception>
    public async ValueTask PassAsync(FileStatus status)
    {
        if (_group is null || status.CtimeNs < Volatile.Read(ref _reachedNs)) return;
        var now = FileSystemCalls.CoarseTimeNs();
        await _group.FlushAsync();

        // Of two that end at once the earlier time may stay: that costs a flush, no more.
        if (now > Volatile.Read(ref _reachedNs)) Volatile.Write(ref _reachedNs, now);
    }

    /// <inheritdoc/>
    public void Dispose() => _group?.Dispose();
}
