using System.Globalization;
using System.Text;
using Sluice.Posix;
using Sluice.Posix.Libc;

using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Posix;

/// <summary>The system calls of one simulated process: its open files, and the answers as the kernel would give them. A dead process changes nothing.</summary>
internal sealed unsafe partial class ProcessCalls(World world, IReadOnlyList<SimulatedDisk> disks, ProcessScheduler scheduler, double faultRate)
{
    private const int FirstDescriptor = 1000;
    private const ulong AccessBits = 3;
    private const string OpenAlready = "/proc/self/fd/";

    private readonly Dictionary<int, OpenFile> _files = [];
    private int _next = FirstDescriptor;
    private int _fallible;

    /// <summary>The rate of EIO and, for attributes, ENOSPC.</summary>
    public double FaultRate { get; set; } = faultRate;

    /// <summary>Which of the calls that can fail does while faults last, apart from those that do by chance; 0 for none.</summary>
    public int FailingCall { get; init; }

    /// <summary>Something is about to be written to an inode's attributes.</summary>
    public Action<SimulatedDisk, Inode, string, byte[]>? OnSetAttribute { get; init; }

    /// <summary>Whether a lease keeps others off, and is refused while they have the file open.</summary>
    public bool AreLeasesKept { get; init; } = true;

    /// <summary>Whether the process lives, and what it holds with it.</summary>
    public bool IsAlive => scheduler.IsAlive;

    /// <summary>Whether it has come to <see cref="FailingCall"/>.</summary>
    public bool HasFailed => _fallible >= FailingCall;

    /// <summary>Files that are open now.</summary>
    public int OpenCount => _files.Count;

    /// <summary>Answers a call; a negative error number tells of a failure. Without a process only what a finalizer or an initializer may call is answered.</summary>
    public static nint Answer(ProcessCalls? process, Call call, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        try
        {
            if (process is not null) return process.Do(call, a, b, c, d, e, f);
            return call switch
            {
                Call.Close => 0,
                Call.Syscall when a == SysSyscall.SYS_getxattrat => -(nint)Errno.EINVAL,
                _ => -(nint)Errno.ENOSYS,
            };
        }
        catch (Exception failure)
        {
            process?.Violate($"the simulated call {call} failed: {failure}");
            return -(nint)Errno.EIO;
        }
    }

    private void Violate(string rule) => world.Violate(rule);

    private nint Do(Call call, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        world.Spend(world.Chance.Roll(0.01) ? world.Chance.Below(6_000_000) : world.Chance.Below(2_000));
        if (call is not (Call.Close or Call.GetTime or Call.GetTimeResolution)) world.AtPoint?.Invoke();
        if (!scheduler.IsAlive) return call == Call.Close ? 0 : -(nint)Errno.EIO;
        return call switch
        {
            Call.Open => OpenAbsolute(Text(a), (uint)b),
            Call.OpenAt => OpenNameless((int)a, (int)c),
            Call.Syscall => Syscall((int)a, b, c, d, e, f),
            Call.Statx => Statx((int)a, Text(b), (SysStat.statx*)e),
            Call.GetXattr => GetXattr((int)a, Text(b), (byte*)c, (int)d),
            Call.SetXattr => SetXattr((int)a, Text(b), new ReadOnlySpan<byte>((byte*)c, (int)d)),
            Call.RemoveXattr => RemoveXattr((int)a, Text(b)),
            Call.Read => Read((int)a, new Span<byte>((byte*)b, (int)c), d),
            Call.Seek => Seek((int)a, b, (int)c),
            Call.Close => Close((int)a),
            Call.Fcntl => Lease((int)a, (int)b, (int)c),
            Call.GetTime => GetTime((int)a, (Time.timespec*)b),
            Call.GetTimeResolution => SetTime((Time.timespec*)b, SimulatedDisk.GranularityNs),
            Call.ReadLink => ReadLink((int)a, (byte*)c, (int)d),
            Call.SyncFs or Call.FlushData or Call.StartFlush => IsFaulty() ? -(nint)Errno.EIO : 0,
            Call.Allocate => Punch((int)a, (int)b),
            Call.Write => Write((int)a, new ReadOnlySpan<byte>((byte*)b, (int)c), (int)d),
            Call.SetTimes => SetTimes((int)a, (Time.timespec*)b),
            Call.SetTimesOfPath => SetTimes((int)a, (Time.timespec*)c),
            Call.SetLength => SetLength((int)a, (int)b),
            Call.Link => Link((int)a, (int)c, Text(d)),
            Call.Rename => Rename((int)a, Text(b), Text(d)),
            Call.Unlink => Unlink((int)a, Text(b)),
            Call.MakeDirectory => MakeDirectory((int)a, Text(b), (uint)c),
            Call.MakeSymlink => MakeSymlink((int)b, Text(c), Text(a)),
            Call.SetOwner => SetOwner((int)a, (uint)c, (uint)d),
            Call.SetMode => SetMode((int)a, (uint)b),
            _ => -(nint)Errno.ENOSYS,
        };
    }

    private nint Syscall(int number, nint a, nint b, nint c, nint d, nint e)
    {
        if (number == SysSyscall.SYS_openat2) return OpenBeneath((int)a, Text(b), (LinuxOpenat2.open_how*)c);
        if (number == SysSyscall.SYS_getdents64) return ReadDirectory((int)a, (byte*)b, (int)c);
        if (number == SysSyscall.SYS_capget) return SetCapabilities((LinuxCapability.__user_cap_data_struct*)b);
        if (number == SysSyscall.SYS_getxattrat) return a < 0 ? -(nint)Errno.EINVAL : GetXattrAt((int)a, Text(b), Text(d), (LinuxXattr.xattr_args*)e);
        return -(nint)Errno.ENOSYS;
    }

    /// <summary>The root of a disk; what is above it, of which nothing but those roots is found; or what is open already, anew.</summary>
    private nint OpenAbsolute(string path, ulong flags)
    {
        if (path == "/") return Open(disks[0], new Inode(0, 0x4000), flags);
        if (path.StartsWith(OpenAlready, StringComparison.Ordinal))
            return _files.TryGetValue(int.Parse(path[OpenAlready.Length..], CultureInfo.InvariantCulture), out var file) ? Open(file.Disk, file.Inode, flags) : -(nint)Errno.ENOENT;
        return disks.FirstOrDefault(disk => disk.RootPath == path) is { } disk ? Open(disk, disk.Root, flags) : -(nint)Errno.ENOENT;
    }

    private nint OpenBeneath(int directory, string path, LinuxOpenat2.open_how* how)
    {
        if (path.StartsWith('/')) return OpenAbsolute(path, how->flags);
        if (!_files.TryGetValue(directory, out var start)) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)Errno.EIO;
        var inode = start.Inode;
        var names = path == "." ? [] : path.Split('/');
        foreach (var (index, name) in names.Index())
        {
            if (!inode.IsDirectory) return -(nint)Errno.ENOTDIR;
            if ((how->flags & Fcntl.O_CREAT) != 0 && index == names.Length - 1) return Create(start.Disk, inode, name, how);
            if (inode.Find(name) is not { } found) return -(nint)Errno.ENOENT;
            var isPathOnly = (how->flags & Fcntl.O_PATH) != 0 && index == names.Length - 1;
            if (found.IsSymlink && !isPathOnly) return -(nint)Errno.ELOOP;
            inode = found;
        }

        if ((how->flags & (ulong)Fcntl.O_DIRECTORY) != 0 && !inode.IsDirectory) return -(nint)Errno.ENOTDIR;
        return Open(start.Disk, inode, how->flags);
    }

    /// <summary>A file that must not be there yet.</summary>
    private nint Create(SimulatedDisk disk, Inode parent, string name, LinuxOpenat2.open_how* how)
    {
        if (parent.Find(name) is not null) return -(nint)Errno.EEXIST;
        OnMake?.Invoke(disk, name);
        return Open(disk, disk.Make(parent, name, SimulatedDisk.FileType | (uint)how->mode, []), how->flags);
    }

    private nint Open(SimulatedDisk disk, Inode inode, ulong flags)
    {
        var access = (flags & Fcntl.O_PATH) != 0 ? Access.None : (flags & AccessBits) == 0 ? Access.Read : Access.Write;

        // One's own lease, through another descriptor, is in the way as anybody's is.
        if (access != Access.None && inode.IsFile && inode.IsHeldFrom(access == Access.Write)) return -(nint)Errno.EAGAIN;
        _files.Add(_next, new OpenFile(disk, inode, access));
        return _next++;
    }

    /// <summary>As <c>struct linux_dirent64</c>; an entry's place is its number of order.</summary>
    private nint ReadDirectory(int descriptor, byte* buffer, int size)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (!file.Inode.IsDirectory) return -(nint)Errno.ENOTDIR;
        if (IsFaulty()) return -(nint)Errno.EIO;
        var length = 0;
        foreach (var (order, (name, inode)) in file.Inode.Entries)
        {
            if (order <= file.Position) continue;
            var bytes = Encoding.UTF8.GetBytes(name);
            var record = (Dirent.Offset.d_name + bytes.Length + 1 + 7) / 8 * 8;
            if (length + record > size) break;
            var entry = new Span<byte>(buffer + length, record);
            entry.Clear();
            *(ulong*)(buffer + length + Dirent.Offset.d_ino) = inode.Number;
            *(long*)(buffer + length + Dirent.Offset.d_off) = order;
            *(ushort*)(buffer + length + Dirent.Offset.d_reclen) = (ushort)record;
            buffer[length + Dirent.Offset.d_type] = inode.IsDirectory ? Dirent.DT_DIR : inode.IsSymlink ? Dirent.DT_LNK : Dirent.DT_REG;
            bytes.CopyTo(entry[Dirent.Offset.d_name..]);
            length += record;
            file.Position = order;
        }

        return length;
    }

    private nint Statx(int directory, string name, SysStat.statx* status)
    {
        if (!_files.TryGetValue(directory, out var file)) return -(nint)Errno.EBADF;
        if (name.Length > 0 && IsFaulty()) return -(nint)Errno.EIO;
        if (name == "..") return 0;
        var inode = name.Length == 0 ? file.Inode : file.Inode.Find(name);
        if (inode is null) return -(nint)Errno.ENOENT;
        inode.IsTimeSeen = true;
        *status = new SysStat.statx
        {
            stx_mask = SysStat.STATX_BASIC_STATS | SysStat.STATX_BTIME,
            stx_nlink = (uint)inode.LinkCount,
            stx_uid = inode.Uid,
            stx_gid = inode.Gid,
            stx_mode = (ushort)inode.Mode,
            stx_ino = inode.Number,
            stx_size = (ulong)inode.Content.Length,
            stx_blocks = inode.IsFile && !inode.HasData ? 0 : (ulong)((inode.Content.Length + 511) / 512),
            stx_atime = TimeOf(inode.AtimeNs),
            stx_btime = TimeOf(0),
            stx_ctime = TimeOf(inode.CtimeNs),
            stx_mtime = TimeOf(inode.MtimeNs),
            stx_dev_minor = file.Disk.Device,
        };
        return 0;
    }

    private nint GetXattrAt(int directory, string path, string name, LinuxXattr.xattr_args* arguments)
    {
        if (!_files.TryGetValue(directory, out var file)) return -(nint)Errno.EBADF;
        return file.Inode.Find(path) is { } inode ? Value(inode, name, (byte*)arguments->value, (int)arguments->size) : -(nint)Errno.ENOENT;
    }

    private nint GetXattr(int descriptor, string name, byte* buffer, int size) =>
        _files.TryGetValue(descriptor, out var file) ? Value(file.Inode, name, buffer, size) : -(nint)Errno.EBADF;

    private static nint Value(Inode inode, string name, byte* buffer, int size)
    {
        if (!inode.Attributes.TryGetValue(name, out var value)) return -(nint)Errno.ENODATA;
        if (size == 0) return value.Length;
        if (size < value.Length) return -(nint)Errno.ERANGE;
        value.CopyTo(new Span<byte>(buffer, size));
        return value.Length;
    }

    private nint SetXattr(int descriptor, string name, ReadOnlySpan<byte> value)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)world.Chance.Pick(Errno.ENOSPC, Errno.EIO);
        OnSetAttribute?.Invoke(file.Disk, file.Inode, name, value.ToArray());
        file.Disk.SetAttribute(file.Inode, name, value.ToArray());
        return 0;
    }

    private nint RemoveXattr(int descriptor, string name)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        file.Disk.RemoveAttribute(file.Inode, name);
        return 0;
    }

    private nint Read(int descriptor, Span<byte> buffer, long offset)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)Errno.EIO;
        var content = file.Inode.Content.AsSpan();
        if (offset >= content.Length) return 0;

        // The kernel may answer less than was asked for.
        var count = Math.Min(buffer.Length, content.Length - (int)offset);
        if (count > 1 && world.Chance.Roll(0.02)) count = world.Chance.Between(1, count);
        content.Slice((int)offset, count).CopyTo(buffer);
        return count;
    }

    private nint Seek(int descriptor, long offset, int whence)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        var size = file.Inode.Content.Length;
        switch (whence)
        {
            case Unistd.SEEK_SET:
                file.Position = offset;
                return (nint)offset;
            case Unistd.SEEK_DATA:
                return offset < size && file.Inode.HasData ? (nint)offset : -(nint)Errno.ENXIO;
            case Unistd.SEEK_HOLE:
                return offset >= size ? -(nint)Errno.ENXIO : file.Inode.HasData ? size : (nint)offset;
            default:
                return -(nint)Errno.EINVAL;
        }
    }

    private nint Punch(int descriptor, int mode)
    {
        if (!_files.TryGetValue(descriptor, out var file) || file.Access != Access.Write) return -(nint)Errno.EBADF;
        if (mode != (Fcntl.FALLOC_FL_PUNCH_HOLE | Fcntl.FALLOC_FL_KEEP_SIZE)) return -(nint)Errno.EOPNOTSUPP;
        if (IsFaulty()) return -(nint)Errno.EIO;
        file.Disk.Punch(file.Inode);
        RequireRight(file.Inode);
        return 0;
    }

    private nint Write(int descriptor, ReadOnlySpan<byte> bytes, int offset)
    {
        if (!_files.TryGetValue(descriptor, out var file) || file.Access != Access.Write) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)world.Chance.Pick(Errno.ENOSPC, Errno.EIO);

        // The kernel may write less than was asked for.
        var count = bytes.Length > 1 && world.Chance.Roll(0.02) ? world.Chance.Between(1, bytes.Length) : bytes.Length;
        file.Disk.Write(file.Inode, bytes[..count], offset);
        RequireRight(file.Inode);
        return count;
    }

    private nint SetTimes(int descriptor, Time.timespec* times)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (IsFaulty()) return -(nint)Errno.EIO;
        file.Disk.SetTimes(file.Inode, NsOf(times[0]), NsOf(times[1]));
        return 0;
    }

    /// <summary>What is open, past the guard, for what the guard is told of it.</summary>
    public Inode InodeOf(Fd file) => _files[file.Number].Inode;

    /// <summary>Nobody who opens a file may read what was never in it.</summary>
    public void RequireRight(Inode inode)
    {
        if (!inode.IsWatched && !inode.IsRight) world.Violate($"'{inode.Path}' can be opened, and does not hold what was written to it");
    }

    private nint Close(int descriptor)
    {
        if (!_files.Remove(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (file.Inode.Lease == this && !_files.Values.Any(other => other.Inode == file.Inode)) file.Inode.Lease = null;
        return 0;
    }

    private nint Lease(int descriptor, int operation, int type)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (operation != Fcntl.F_SETLEASE) return -(nint)Errno.EINVAL;
        if (!AreLeasesKept) return 0;
        if (type == Fcntl.F_UNLCK)
        {
            file.Inode.Lease = null;
            return 0;
        }

        var isExclusive = type == Fcntl.F_WRLCK;
        if (file.Inode.Writers > 0 || (isExclusive && file.Inode.Readers > 0) || _files.Values.Any(other => other != file && other.Inode == file.Inode && other.Access >= (isExclusive ? Access.Read : Access.Write)))
            return -(nint)Errno.EAGAIN;
        (file.Inode.Lease, file.Inode.IsLeaseExclusive) = (this, isExclusive);
        return 0;
    }

    private nint GetTime(int clock, Time.timespec* time) =>
        SetTime(time, clock == Time.CLOCK_REALTIME_COARSE ? SimulatedDisk.CoarseNs(world.NowNs) : world.NowNs);

    private static nint SetTime(Time.timespec* time, long ns)
    {
        *time = Time.timespec.Of(ns);
        return 0;
    }

    private nint ReadLink(int descriptor, byte* buffer, int size)
    {
        if (!_files.TryGetValue(descriptor, out var file)) return -(nint)Errno.EBADF;
        if (!file.Inode.IsSymlink) return -(nint)Errno.EINVAL;
        var length = Math.Min(size, file.Inode.Content.Length);
        file.Inode.Content.AsSpan(0, length).CopyTo(new Span<byte>(buffer, size));
        return length;
    }

    private static nint SetCapabilities(LinuxCapability.__user_cap_data_struct* data)
    {
        for (var word = 0; word < LinuxCapability._LINUX_CAPABILITY_U32S_3; word++) data[word].effective = uint.MaxValue;
        return 0;
    }

    private static long NsOf(Time.timespec time) => (time.tv_sec * 1_000_000_000) + time.tv_nsec;

    private bool IsFaulty() => world.Chance.Roll(FaultRate) || (FaultRate > 0 && ++_fallible == FailingCall);

    private static SysStat.statx_timestamp TimeOf(long ns) => new() { tv_sec = ns / 1_000_000_000, tv_nsec = (uint)(ns % 1_000_000_000) };

    private static string Text(nint path) => System.Runtime.InteropServices.Marshal.PtrToStringUTF8(path) ?? "";

    /// <summary>What a descriptor is good for.</summary>
    private enum Access
    {
        None,
        Read,
        Write,
    }

    private sealed class OpenFile(SimulatedDisk disk, Inode inode, Access access)
    {
        public Access Access { get; } = access;

        public SimulatedDisk Disk { get; } = disk;

        public Inode Inode { get; } = inode;

        /// <summary>In a directory: the number of the entry read last.</summary>
        public long Position { get; set; }
    }
}
