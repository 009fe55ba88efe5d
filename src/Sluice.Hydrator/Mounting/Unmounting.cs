using Sluice.Hydrator.Guarding;
using Sluice.Hydrator.Holding;
using Sluice.Posix;

namespace Sluice.Hydrator.Mounting;

/// <summary>
/// Takes guarded mounts away, so that nobody is left behind with files that would read as zeros:
/// <code>
/// nobody uses it → not visible → nobody sees it elsewhere → private mounts go → the file system itself has gone → the group goes
/// </code>
/// Where it does not come to the end, the file system stays guarded, and the next attempt goes on from there.
/// </summary>
internal sealed class Unmounting(HydratorOptions options, HydratorFiles files, TimeProvider time)
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoneTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes away what is mounted on a directory.</summary>
    /// <exception cref="MountRefusedException">Somebody uses it, or it is not guarded.</exception>
    public async Task RunAsync(string directory, CancellationToken cancellationToken)
    {
        var (record, kind) = Find(directory);
        var others = Users.OtherMountsOf(record.Device, directory);
        if (others.Count > 0) throw new MountRefusedException($"'{directory}' is also mounted at {string.Join(", ", others)}: unmount that first.");
        if (record.IsMounted()) await UnmountUnusedAsync(directory, cancellationToken);
        others = Users.MountsElsewhereOf(record.Device, directory);
        if (others.Count > 0)
            throw new MountRefusedException($"'{directory}' is unmounted here, but still mounted at {string.Join(", ", others)}. It stays guarded: end that and run the command again.");
        await LetGoAsync(record, kind, cancellationToken);
    }

    /// <summary>Ends the guard of a mount that is not there any more: it died before it was visible, or its unmount died before all was gone.</summary>
    public Task FinishAsync(MountRecord record, CancellationToken cancellationToken) => LetGoAsync(record, GuardKind.Dedicated, cancellationToken);

    private (MountRecord Record, GuardKind Kind) Find(string directory)
    {
        if (MountRecord.ReadAll(files).FirstOrDefault(record => record.Directory == directory) is { } known) return (known, GuardKind.Dedicated);
        if (MountTable.Read().LastOrDefault(mount => mount.Path == directory) is { } mount)
        {
            using var holder = HolderClient.TryConnect(files);
            if (holder?.List().ContainsKey(new HeldName(GuardKind.Shared, mount.Device, HeldPart.Group)) == true)
                return (new MountRecord(mount.Device, MountRecord.CurrentBoot(), directory, mount.Source), GuardKind.Shared);
        }

        throw new MountRefusedException($"'{directory}' was not mounted by 'sluice mount' with the data directory '{options.DataDirectory}'.");
    }

    private async Task UnmountUnusedAsync(string directory, CancellationToken cancellationToken)
    {
        // The Hydrator's descriptor of the last event may still be open for a moment.
        if (!await WaitAsync(() => IsUnmounted(directory), BusyTimeout, cancellationToken))
            throw new MountRefusedException($"'{directory}' is in use by {Users.Of(directory)}.");
    }

    private static bool IsUnmounted(string directory)
    {
        try
        {
            FileSystemCalls.Unmount(directory);
            return true;
        }
        catch (PosixException e) when (e.Errno == Errno.EBUSY)
        {
            return false;
        }
    }

    private async Task LetGoAsync(MountRecord record, GuardKind kind, CancellationToken cancellationToken)
    {
        using (var holder = HolderClient.TryConnect(files))
        {
            if (holder is not null) await DropAsync(holder, record, kind, cancellationToken);
        }

        await WaitForDeviceAsync(record, cancellationToken);
        record.Remove(files);
    }

    private async Task DropAsync(HolderClient holder, MountRecord record, GuardKind kind, CancellationToken cancellationToken)
    {
        using var superblock = GuardedSuperblock.Take(holder, kind, record.Device);
        holder.Drop(new HeldName(kind, record.Device, HeldPart.Mount));

        // Only when nobody at all can reach it any more, nobody needs to be asked.
        if (superblock is not null && !await WaitAsync(() => superblock.HasEnded, GoneTimeout, cancellationToken))
        {
            throw new MountRefusedException(
                $"'{record.Directory}' is unmounted, but its file system is still in use (a running task, a container). It stays guarded: run the command again.");
        }

        holder.Drop(new HeldName(kind, record.Device, HeldPart.Watch));
        holder.Drop(new HeldName(kind, record.Device, HeldPart.Group));
    }

    private async Task WaitForDeviceAsync(MountRecord record, CancellationToken cancellationToken)
    {
        // An image's device lets go of it a little later than the file system.
        var image = $"/sys/block/{Path.GetFileName(record.Source)}/loop/backing_file";
        if (record.Source.StartsWith("/dev/loop", StringComparison.Ordinal)) await WaitAsync(() => !File.Exists(image), GoneTimeout, cancellationToken);
    }

    private async Task<bool> WaitAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); !condition(); await Task.Delay(Poll, time, cancellationToken))
        {
            if (time.GetElapsedTime(start) > limit) return false;
        }

        return true;
    }
}
