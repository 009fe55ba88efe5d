using Sluice.Engine.Ledger;
using Sluice.Hydrator.Guarding;
using Sluice.Hydrator.Holding;
using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Mounting;

/// <summary>
/// Mounts dedicated file systems so that nobody ever sees them unguarded, and unmounts them:
/// <code>
/// detached → everybody is asked about it → private mount, which nobody is asked about → the holder has both → visible
/// </code>
/// What fails is undone.
/// </summary>
public sealed class GuardedMounts(HydratorOptions options, TimeProvider time)
{
    private readonly HydratorFiles _files = new(options.DataDirectory);
    private readonly HolderStarter _starter = new(options);

    /// <summary>Mounts a device or an image.</summary>
    /// <param name="source">The block device, or an image file.</param>
    /// <param name="directory">Where to.</param>
    /// <param name="mountOptions">Options as of mount(8).</param>
    /// <param name="cancellationToken">Gives up waiting for an earlier mount to go.</param>
    /// <returns>The file system's type.</returns>
    /// <exception cref="MountRefusedException">It can't be mounted so.</exception>
    public async Task<string> MountAsync(string source, string directory, IReadOnlyList<string> mountOptions, CancellationToken cancellationToken)
    {
        directory = RealDirectory(directory);
        CheckDirectory(directory);
        if (mountOptions.Contains("ro")) throw new MountRefusedException("A read-only file system can't have its files restored; expected options without 'ro'.");
        if (!FileSystemCalls.HasCapability(Capability.SysAdmin)) throw new MountRefusedException("Mounting needs CAP_SYS_ADMIN: run it as root.");
        var type = TypeOf(source);
        await ClearHalfDoneAsync(directory, cancellationToken);
        using var loop = IsBlockDevice(source) ? null : Attach(source);
        using var mount = Create(type, loop?.Path ?? source, source, mountOptions);
        Show(mount, directory, loop?.Path ?? source);
        return type;
    }

    /// <summary>Unmounts what <see cref="MountAsync"/> has mounted.</summary>
    /// <exception cref="MountRefusedException">Somebody uses it, or it is none of those.</exception>
    public Task UnmountAsync(string directory, CancellationToken cancellationToken) =>
        new Unmounting(options, _files, time).RunAsync(RealDirectory(directory), cancellationToken);

    private static string RealDirectory(string directory)
    {
        var full = Path.GetFullPath(directory);
        if (!Directory.Exists(full)) throw new MountRefusedException($"'{directory}' is no directory; expected an existing one to mount on.");
        using var opened = FileSystemCalls.OpenRoot(full);
        return FileSystemCalls.PathOf(opened);
    }

    /// <summary>The data and the program must stay reachable while readers wait for the Hydrator.</summary>
    private void CheckDirectory(string directory)
    {
        foreach (var (what, path) in new[] { ("data directory", options.DataDirectory), ("program", AppContext.BaseDirectory) })
        {
            if ((path.TrimEnd('/') + "/").StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal))
                throw new MountRefusedException($"The {what} '{path}' lies beneath '{directory}' and would be hidden; expected another directory to mount on.");
        }
    }

    private static string TypeOf(string source)
    {
        try
        {
            return SuperblockType.Of(source)
                ?? throw new MountRefusedException($"'{source}' holds no file system that can be guarded; expected a block device or an image with ext4, XFS or Btrfs.");
        }
        catch (PosixException e)
        {
            throw new MountRefusedException($"'{source}' can't be read ({e.Errno}); expected a block device or an image with ext4, XFS or Btrfs.");
        }
    }

    private static bool IsBlockDevice(string source)
    {
        using var file = FileSystemCalls.OpenFile(source);
        return FileSystemCalls.Status(file).Kind == FileKind.BlockDevice;
    }

    private static LoopDevice Attach(string image)
    {
        try
        {
            return LoopDevice.Attach(image);
        }
        catch (PosixException e)
        {
            throw new MountRefusedException($"'{image}' can't be made a loop device: {e.Message}");
        }
    }

    private static DetachedMount Create(string type, string device, string source, IReadOnlyList<string> mountOptions)
    {
        try
        {
            return DetachedMount.Create(type, device, mountOptions);
        }
        catch (PosixException e)
        {
            var remedy = e.Errno == Errno.EBUSY ? " It is in use or mounted already: unmount it first." : "";
            throw new MountRefusedException($"'{source}' can't be mounted as {type}: {e.Message}.{remedy}");
        }
    }

    private void Show(DetachedMount mount, string directory, string device)
    {
        _files.Make();
        using var superblock = Guard(mount, device);
        var record = new MountRecord(superblock.Device, MountRecord.CurrentBoot(), directory, device);
        record.Remove(_files);
        record.Write(_files);
        using var holder = _starter.Connect();
        try
        {
            Hold(holder, superblock);
            mount.MoveTo(directory);
        }
        catch
        {
            foreach (var (name, _) in superblock.Parts()) Drop(holder, name);
            record.Remove(_files);
            throw;
        }
    }

    private static GuardedSuperblock Guard(DetachedMount mount, string device)
    {
        FanotifyGroup? group = null;
        try
        {
            group = FanotifyGroup.Create();
            group.MarkFileSystem(mount.Root);
            var marked = group.MarkedDevice() ?? throw new IOException("The kernel does not tell what it marked.");
            var superblock = new GuardedSuperblock(GuardKind.Dedicated, marked, group, SuperblockWatch.Create(mount.Root));
            var own = mount.Clone();
            superblock.SetMount(own);
            group.IgnoreMount(own.Root);
            return LedgerStore.Probe(own.Root).IsTrusted ? superblock : throw new MountRefusedException($"The file system on '{device}' keeps no trusted attributes.");
        }
        catch (PosixException e) when (e.Errno is Errno.EINVAL or Errno.ENOSYS)
        {
            group?.Dispose();
            throw new MountRefusedException($"This kernel has no pre-content events of fanotify ({e.Message}); expected Linux 6.15 or later.");
        }
        catch
        {
            group?.Dispose();
            throw;
        }
    }

    /// <summary>Whatever has these names is of a file system that is gone: its device number is free.</summary>
    private static void Hold(HolderClient holder, GuardedSuperblock superblock)
    {
        foreach (var (name, descriptor) in superblock.Parts())
        {
            if (holder.Hold(name, descriptor)) continue;
            holder.Drop(name);
            if (!holder.Hold(name, descriptor)) throw new IOException($"The holder keeps another '{name}'.");
        }
    }

    private static void Drop(HolderClient holder, HeldName name)
    {
        try
        {
            holder.Drop(name);
        }
        catch (IOException)
        {
            // It has ended, and with it what it held.
        }
    }

    /// <summary>A mount that died before it was visible, or an unmount that died before all was gone.</summary>
    private async Task ClearHalfDoneAsync(string directory, CancellationToken cancellationToken)
    {
        foreach (var record in MountRecord.ReadAll(_files).Where(candidate => candidate.Directory == directory))
        {
            if (record.IsMounted()) throw new MountRefusedException($"'{directory}' has a guarded mount of '{record.Source}' already.");
            await new Unmounting(options, _files, time).FinishAsync(record, cancellationToken);
        }
    }
}
