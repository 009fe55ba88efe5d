using System.Text;
using Sluice.Posix;
using Sluice.Posix.Libc;

namespace Sluice.SimulationTests.Posix;

// What an import calls: it makes entries, describes them and gives them their names.
internal sealed partial class ProcessCalls
{
    /// <summary>An entry is about to be made; its name, or null for a file that has none yet.</summary>
    public Action<SimulatedDisk, string?>? OnMake { get; init; }

    private nint OpenNameless(int directory, int flags)
    {
        if (!_files.TryGetValue(directory, out var file)) return -(nint)Errno.EBADF;
        if ((flags & Fcntl.O_TMPFILE) != Fcntl.O_TMPFILE) return -(nint)Errno.ENOSYS;
        if (!file.Disk.HasNameless) return -(nint)Errno.EOPNOTSUPP;
        if (IsFaulty()) return -(nint)Errno.ENOSPC;
        OnMake?.Invoke(file.Disk, null);
        return Open(file.Disk, file.Disk.Make(file.Inode, name: null, SimulatedDisk.FileType | 0x180, []), (ulong)flags);
    }

    private nint SetLength(int descriptor, int length)
    {
        if (!_files.TryGetValue(descriptor, out var file) || file.Access != Access.Write) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)Errno.EIO;
        file.Disk.SetLength(file.Inode, length);
        return 0;
    }

    private nint Link(int descriptor, int directory, string name)
    {
        if (!_files.TryGetValue(descriptor, out var file) || !_files.TryGetValue(directory, out var around)) return -(nint)Errno.EBADF;
        if (around.Inode.Find(name) is not null) return -(nint)Errno.EEXIST;
        if (IsFaulty()) return -(nint)Errno.ENOSPC;
        file.Disk.Link(file.Inode, around.Inode, name);
        return Named(file.Inode);
    }

    private nint Rename(int directory, string name, string newName)
    {
        if (!_files.TryGetValue(directory, out var around)) return -(nint)Errno.EBADF;
        if (around.Inode.Find(name) is not { } inode) return -(nint)Errno.ENOENT;
        if (around.Inode.Find(newName) is { IsDirectory: true }) return -(nint)Errno.EISDIR;
        if (IsFaulty()) return -(nint)Errno.EIO;
        around.Disk.Move(inode, newName);
        return Named(inode);
    }

    private nint Named(Inode inode)
    {
        RequireRight(inode);
        return 0;
    }

    private nint Unlink(int directory, string name)
    {
        if (!_files.TryGetValue(directory, out var around)) return -(nint)Errno.EBADF;
        if (around.Inode.Find(name) is not { } inode) return -(nint)Errno.ENOENT;
        if (inode.IsDirectory) return -(nint)Errno.EISDIR;
        if (IsFaulty()) return -(nint)Errno.EIO;
        around.Disk.Unlink(around.Inode, name);
        return 0;
    }

    private nint MakeDirectory(int directory, string name, uint mode) => Make(directory, name, SimulatedDisk.DirectoryType | mode, []);

    private nint MakeSymlink(int directory, string name, string target) => Make(directory, name, SimulatedDisk.SymlinkType | 0x1FF, Encoding.UTF8.GetBytes(target));

    private nint Make(int directory, string name, uint mode, byte[] content)
    {
        if (!_files.TryGetValue(directory, out var around)) return -(nint)Errno.EBADF;
        if (around.Inode.Find(name) is not null) return -(nint)Errno.EEXIST;
        if (IsFaulty()) return -(nint)world.Chance.Pick(Errno.ENOSPC, Errno.EIO);
        OnMake?.Invoke(around.Disk, name);
        around.Disk.Make(around.Inode, name, mode, content);
        return 0;
    }

    private nint SetOwner(int descriptor, uint uid, uint gid)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)Errno.EIO;
        file.Disk.SetOwner(file.Inode, uid, gid);
        return 0;
    }

    private nint SetMode(int descriptor, uint mode)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)Errno.EIO;
        file.Disk.SetMode(file.Inode, mode);
        return 0;
    }
}
