using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

// What releasing and restoring data takes.
public static partial class FileSystemCalls
{
    // handle_bytes and handle_type of struct file_handle.
    private const int HandleHeaderBytes = 8;

    // The kernel frees whole blocks only; no file system's is larger.
    private const long LargestBlock = 1 << 16;

    /// <summary>Frees all blocks of a file of this length and keeps its size (fallocate with PUNCH_HOLE and KEEP_SIZE).</summary>
    public static void PunchHole(Fd file, long length)
    {
        while (Fcntl.fallocate(file, Fcntl.FALLOC_FL_PUNCH_HOLE | Fcntl.FALLOC_FL_KEEP_SIZE, 0, (length + LargestBlock - 1) & -LargestBlock) != 0)
        {
            if (PosixException.LastErrno() is var errno and not Errno.EINTR) throw new PosixException(errno, "fallocate");
        }
    }

    /// <summary>Reserves the blocks of a file from its begin on, so that writing them, also through a mapping, can't fail for want of space (fallocate).</summary>
    public static void Allocate(Fd file, long length)
    {
        while (Fcntl.fallocate(file, 0, 0, length) != 0)
        {
            if (PosixException.LastErrno() is var errno and not Errno.EINTR) throw new PosixException(errno, "fallocate");
        }
    }

    /// <summary>Unmounts what is mounted on a directory (umount2).</summary>
    /// <exception cref="PosixException">EBUSY: somebody uses it; EINVAL: nothing is mounted there.</exception>
    public static void Unmount(string directory)
    {
        if (SysMount.umount2(directory, SysMount.UMOUNT_NOFOLLOW) != 0) throw new PosixException(PosixException.LastErrno(), "umount", directory);
    }

    /// <summary>Sets a file's length (ftruncate); what it grows by is a hole.</summary>
    public static void SetLength(Fd file, long length)
    {
        while (Unistd.ftruncate(file, length) != 0)
        {
            if (PosixException.LastErrno() is var errno and not Errno.EINTR) throw new PosixException(errno, "ftruncate");
        }
    }

    /// <summary>Sets the times of access and modification, in nanoseconds since 1970 (futimens).</summary>
    public static void SetTimes(Fd file, long atimeNs, long mtimeNs)
    {
        ReadOnlySpan<Time.timespec> times = [Time.timespec.Of(atimeNs), Time.timespec.Of(mtimeNs)];
        if (SysStat.futimens(file, in times[0]) != 0) throw new PosixException(PosixException.LastErrno(), "futimens");
    }

    /// <summary>Waits until a file's content is on the device (fdatasync).</summary>
    public static void FlushData(Fd file)
    {
        while (Unistd.fdatasync(file) != 0)
        {
            if (PosixException.LastErrno() is var errno and not Errno.EINTR) throw new PosixException(errno, "fdatasync");
        }
    }

    /// <summary>Tries to have a file for oneself (F_SETLEASE, F_WRLCK). Until <see cref="EndLease"/> other openers wait. SIGIO, which the kernel sends
    /// when somebody does, is ignored from now on.</summary>
    /// <returns>False when anybody has it open or mapped.</returns>
    public static bool TryLease(Fd file)
    {
        if (!LeaseSignals.AreIgnored) throw new PosixException(Errno.EINVAL, "signal");
        if (Fcntl.fcntl(file, Fcntl.F_SETLEASE, Fcntl.F_WRLCK) == 0) return true;
        return PosixException.LastErrno() is var errno and not Errno.EAGAIN ? throw new PosixException(errno, "fcntl F_SETLEASE") : false;
    }

    /// <summary>Lets others open it again.</summary>
    public static void EndLease(Fd file) => _ = Fcntl.fcntl(file, Fcntl.F_SETLEASE, Fcntl.F_UNLCK);

    /// <summary>Opens a file again by its descriptor, through <c>/proc/self/fd</c>.</summary>
    public static Fd Reopen(Fd file, OpenFlags flags) =>
        OpenString($"/proc/self/fd/{file.Number}", NativeOpenFlags.Of(flags), mode: 0);

    /// <summary>A descriptor of another process, as one's own (pidfd_getfd). Needs the right to trace it.</summary>
    /// <exception cref="PosixException">ESRCH: there is no such process; EBADF: it has no such descriptor.</exception>
    public static Fd TakeDescriptor(int processId, int number)
    {
        var process = SysMount.pidfd_open(SysMount.SYS_pidfd_open, processId, 0);
        if (process < 0) throw new PosixException(PosixException.LastErrno(), "pidfd_open");
        using var pidfd = new Fd((int)process);
        var taken = SysMount.pidfd_getfd(SysMount.SYS_pidfd_getfd, pidfd, number, 0);
        return taken >= 0 ? new Fd((int)taken) : throw new PosixException(PosixException.LastErrno(), "pidfd_getfd");
    }

    /// <summary>Opens a file of one's own for reading and writing, made if missing (mode 0600); never through a symlink.</summary>
    public static Fd OpenPrivate(string path) => OpenString(path, Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW, mode: 0x180 /* 0600 */);

    /// <summary>The path of an open file as the kernel knows it, for messages.</summary>
    public static string PathOf(Fd file)
    {
        Span<byte> target = stackalloc byte[4096];
        var path = ProcPath.Of(file, stackalloc byte[ProcPath.MaxBytes]);
        var length = Unistd.readlinkat(file, in path[0], ref target[0], (nuint)target.Length);
        return length >= 0 ? PathText.Of(target[..(int)length]) : "?";
    }

    /// <summary>Whether two descriptors are of one file.</summary>
    public static bool IsSameFile(Fd first, Fd second) => Status(first).IsSameInode(Status(second));

    /// <summary>A number by which a file can be found again while it exists, whatever it is named (name_to_handle_at), for <see cref="OpenHandle"/>.</summary>
    public static byte[] Handle(Fd file)
    {
        Span<byte> handle = stackalloc byte[HandleHeaderBytes + FileHandles.MAX_HANDLE_SZ];
        MemoryMarshal.Write(handle, (uint)FileHandles.MAX_HANDLE_SZ);
        byte empty = 0;
        if (FileHandles.name_to_handle_at(file, in empty, ref handle[0], out _, Fcntl.AT_EMPTY_PATH) != 0)
            throw new PosixException(PosixException.LastErrno(), "name_to_handle_at");
        var length = MemoryMarshal.Read<uint>(handle);
        return handle[..(HandleHeaderBytes + (int)length)].ToArray();
    }

    /// <summary>Opens a file by its handle, through the mount on which <paramref name="mount"/> lies. Needs CAP_DAC_READ_SEARCH.</summary>
    /// <exception cref="PosixException">ESTALE: the file does not exist any more.</exception>
    public static Fd OpenHandle(Fd mount, ReadOnlySpan<byte> handle, OpenFlags flags)
    {
        var descriptor = FileHandles.open_by_handle_at(mount, in handle[0], NativeOpenFlags.Of(flags | OpenFlags.CloseOnExec));
        return descriptor >= 0 ? new Fd(descriptor) : throw new PosixException(PosixException.LastErrno(), "open_by_handle_at");
    }

    private static class LeaseSignals
    {
        // The default action of SIGIO ends the process.
        internal static readonly bool AreIgnored = Csignal.Ignore(Csignal.SIGIO);
    }
}
