using Microsoft.Extensions.Logging;
using Sluice.Engine.Guarding;
using Sluice.Hydrator.Holding;
using Sluice.Hydrator.Mounting;
using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Guarding;

/// <summary>
/// The guards of this machine's file systems, of two kinds: dedicated where 'sluice mount' has mounted it, shared anywhere else if that is allowed. What is opened
/// is reached through a private mount, about which nobody is asked.
/// </summary>
public sealed partial class GuardRegistry : IFileSystemGuards
{
    private const int MostTries = 3;

    private readonly HydratorOptions _options;
    private readonly HydratorFiles _files;
    private readonly HeldGroups _held;
    private readonly SharedRoots _sharedRoots;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Guards nothing yet.</summary>
    public GuardRegistry(HydratorOptions options, HeldGroups held, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _held, _time) = (options, held, time);
        _files = new HydratorFiles(options.DataDirectory);
        _sharedRoots = new SharedRoots(_files);
        _logger = loggers.CreateLogger("Sluice.Hydrator");
    }

    /// <inheritdoc/>
    public GuardedRoot Open(string rootPath) => Open(rootPath, _options.GuardShared);

    /// <summary>Guards again what lost its guard: after a reboot, or when every process that kept a group was killed.</summary>
    internal void Recover()
    {
        foreach (var record in MountRecord.ReadAll(_files).Where(record => record.IsMounted() && _held.Find(record.Device) is null))
        {
            using var root = FileSystemCalls.OpenRoot(record.Directory);
            if (MountTable.Of(root)?.Device != record.Device) continue;
            LogUnguarded(record.Directory);
            _held.Add(Make(GuardKind.Dedicated, record.Device, record.Directory, group => group.MarkFileSystem(root)));
        }

        foreach (var root in _sharedRoots.Read())
        {
            try
            {
                using var opened = Open(root, allowShared: true);
                if (opened.Refusal is { } refusal) LogNotGuarded(root, refusal);
            }
            catch (PosixException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
            {
                // The directory is not there, so its files are not either.
            }
        }
    }

    private GuardedRoot Open(string rootPath, bool allowShared)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return OpenOnce(rootPath, allowShared);
            }
            catch (ObjectDisposedException) when (tries < MostTries)
            {
                // Let go of while it was used: a holder that has ended told so late, when another one had the file system again. That one is asked.
            }
        }
    }

    private GuardedRoot OpenOnce(string rootPath, bool allowShared)
    {
        var root = FileSystemCalls.OpenRoot(rootPath);
        try
        {
            var mount = MountTable.Of(root);
            var refusal = GuardProbe.RefusalOf(root, mount);
            if (refusal is not null || mount is null) return new GuardedRoot(root, guard: null, refusal ?? "This directory is not on a mount that this process sees: start the server where it is mounted.");
            var superblock = _held.Find(mount.Device);
            if (superblock is null && !allowShared)
            {
                return new GuardedRoot(
                    root, guard: null, "This file system is not dedicated: mount it with 'sluice mount', or start the server with --guard-shared, whose help tells the risk.");
            }

            refusal = superblock?.Kind == GuardKind.Dedicated ? GuardProbe.RefusalOfDedicated(mount.Device, _options.DataDirectory) : null;
            return refusal is null ? Guarded(root, rootPath, superblock ?? MakeShared(mount.Device, rootPath)) : new GuardedRoot(root, guard: null, refusal);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    private GuardedRoot Guarded(Fd root, string rootPath, GuardedSuperblock superblock)
    {
        var mount = PrivateMount.Clone(rootPath);
        try
        {
            // Renamed between the two opens, it would be past no guard.
            if (!FileSystemCalls.IsSameFile(mount.Root, root)) throw new PosixException(Errno.ESTALE, "open_tree", rootPath);
            superblock.Group.IgnoreMount(mount.Root);
            var guard = GuardFactory.Make(superblock, _files, _time);
            if (superblock.Kind == GuardKind.Shared) MarkShared(superblock, mount.Root, rootPath);
            root.Dispose();
            return new GuardedRoot(mount.Root, guard, refusal: null, mount);
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    private GuardedSuperblock MakeShared(ulong device, string rootPath)
    {
        _files.Make();
        File.Delete(_files.Journal(device));
        return _held.Add(Make(GuardKind.Shared, device, rootPath, _ => { }));
    }

    private static GuardedSuperblock Make(GuardKind kind, ulong device, string directory, Action<FanotifyGroup> mark)
    {
        var group = FanotifyGroup.Create();
        PrivateMount? mount = null;
        try
        {
            mark(group);
            mount = PrivateMount.Clone(directory);
            group.IgnoreMount(mount.Root);
            var made = new GuardedSuperblock(kind, device, group, kind == GuardKind.Dedicated ? SuperblockWatch.Create(mount.Root) : null);
            made.SetMount(mount);
            return made;
        }
        catch
        {
            mount?.Dispose();
            group.Dispose();
            throw;
        }
    }

    /// <summary>Before anything else, the files that are without data already.</summary>
    private void MarkShared(GuardedSuperblock superblock, Fd root, string rootPath)
    {
        _sharedRoots.Add(Path.GetFullPath(rootPath));

        // A directory's lock: no file has its inode number.
        var inode = FileSystemCalls.Status(root).Inode;
        ByteRangeLock? held;
        using var wait = new ManualResetEventSlim();
        while ((held = ByteRangeLock.TryAcquire(_files.Locks(superblock.Device), inode)) is null) wait.Wait(TimeSpan.FromMilliseconds(20));
        using (held) new SharedScan(superblock.Group, _logger).Run(root, rootPath);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Directory}: files without data beneath read as zeros, because they can't be guarded: {Refusal}")]
    private partial void LogNotGuarded(string directory, string refusal);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Directory}: all processes that guarded it were killed, so what was opened since may have read zeros; it is guarded again")]
    private partial void LogUnguarded(string directory);
}
