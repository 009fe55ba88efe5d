using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix.Fanotify;

/// <summary>
/// A fanotify group that is asked before a file is opened and before its content is accessed (fanotify(7); pre-content events need Linux 6.14
/// and CAP_SYS_ADMIN, and ext4, XFS or Btrfs). Closing the last descriptor of the group lets everybody through: whoever guards data keeps one open in a
/// process that does nothing else.
/// </summary>
public sealed class FanotifyGroup : IDisposable
{
    private const ulong Accesses = LinuxFanotify.FAN_OPEN_PERM | LinuxFanotify.FAN_PRE_ACCESS;
    // struct fanotify_event_metadata, and with a struct fanotify_event_info_range.
    private const int MetadataBytes = 24;
    private const int EventBytes = 48;

    // Lines of /proc/self/fdinfo.
    private const string FileSystemMark = "fanotify sdev:";
    private const string InodeMark = "fanotify ino:";

    /// <summary>A group by its descriptor, which it takes over.</summary>
    public FanotifyGroup(Fd descriptor) => Descriptor = descriptor;

    /// <summary>The group's descriptor.</summary>
    public Fd Descriptor { get; }

    /// <summary>Makes a group.</summary>
    /// <exception cref="PosixException">EPERM: CAP_SYS_ADMIN is missing; EINVAL: the kernel is too old.</exception>
    public static FanotifyGroup Create()
    {
        const uint Flags = LinuxFanotify.FAN_CLOEXEC | LinuxFanotify.FAN_NONBLOCK | LinuxFanotify.FAN_CLASS_PRE_CONTENT
            | LinuxFanotify.FAN_UNLIMITED_QUEUE | LinuxFanotify.FAN_UNLIMITED_MARKS | LinuxFanotify.FAN_REPORT_FD_ERROR;
        var descriptor = LinuxFanotify.fanotify_init(Flags, Fcntl.O_RDONLY | Fcntl.O_CLOEXEC | Fcntl.O_NOATIME);
        return descriptor >= 0 ? new FanotifyGroup(new Fd(descriptor)) : throw new PosixException(PosixException.LastErrno(), "fanotify_init");
    }

    /// <summary>Asks for every file of the file system on which <paramref name="file"/> lies, through all its mounts.</summary>
    /// <exception cref="PosixException">EOPNOTSUPP: not on this kind of file system; EINVAL: the kernel knows no pre-content events.</exception>
    public void MarkFileSystem(Fd file) => Mark(LinuxFanotify.FAN_MARK_ADD | LinuxFanotify.FAN_MARK_FILESYSTEM, file);

    /// <summary>Does not ask for what is done through the mount on which <paramref name="file"/> lies.</summary>
    public void IgnoreMount(Fd file) => Mark(
        LinuxFanotify.FAN_MARK_ADD | LinuxFanotify.FAN_MARK_MOUNT | LinuxFanotify.FAN_MARK_IGNORE | LinuxFanotify.FAN_MARK_IGNORED_SURV_MODIFY, file);

    /// <summary>Asks for this file, until <see cref="UnmarkFile"/>; its inode stays in memory.</summary>
    /// <inheritdoc cref="MarkFileSystem" path="/exception"/>
    public void MarkFile(Fd file) => Mark(LinuxFanotify.FAN_MARK_ADD, file);

    /// <summary>Does not ask for this file any more.</summary>
    /// <returns>False when it was not marked.</returns>
    public bool UnmarkFile(Fd file)
    {
        try
        {
            Mark(LinuxFanotify.FAN_MARK_REMOVE, file);
            return true;
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>The device number of the marked file system's superblock, encoded as in <c>st_dev</c>; null when none is marked. Only before the first
    /// <see cref="Ignore"/>: see <see cref="FdInfo"/>.</summary>
    public ulong? MarkedDevice()
    {
        // The kernel's own encoding: 20 bits of the minor, the major above.
        var line = FdInfo().FirstOrDefault(text => text.StartsWith(FileSystemMark, StringComparison.Ordinal));
        if (line is null) return null;
        var device = uint.Parse(line[FileSystemMark.Length..].Split(' ')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return FileStatus.DeviceNumber(device >> 20, device & 0xFFFFF);
    }

    /// <summary>Whether any file is marked. The marks go with their file system, when its last mount has gone. Only for a group without
    /// <see cref="Ignore"/>: see <see cref="FdInfo"/>.</summary>
    public bool HasFileMarks() => FdInfo().Any(line => line.StartsWith(InodeMark, StringComparison.Ordinal));

    /// <summary>Does not ask for this file any more, until its inode leaves memory or <see cref="Watch"/>.</summary>
    public void Ignore(Fd file) => Mark(
        LinuxFanotify.FAN_MARK_ADD | LinuxFanotify.FAN_MARK_IGNORE | LinuxFanotify.FAN_MARK_IGNORED_SURV_MODIFY | LinuxFanotify.FAN_MARK_EVICTABLE, file);

    /// <summary>Asks for this file again, also for descriptors that are open.</summary>
    public void Watch(Fd file)
    {
        try
        {
            Mark(LinuxFanotify.FAN_MARK_REMOVE | LinuxFanotify.FAN_MARK_IGNORE, file);
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
            // It was not ignored.
        }
    }

    /// <summary>Waits until an event is there, at most so long.</summary>
    public void Wait(int timeoutMilliseconds)
    {
        var poll = new SysPoll.pollfd { fd = Descriptor.Number, events = SysPoll.POLLIN };
        _ = SysPoll.poll(ref poll, 1, timeoutMilliseconds);
    }

    /// <summary>Takes the next event, if there is one. Safe for concurrent use. Opening the file for the event may itself wait, for the holder of a lease on it.</summary>
    /// <param name="events">Gets it, seldom two of them; the caller answers each and disposes its file.</param>
    /// <returns>False when nothing was there.</returns>
    public bool Read(ICollection<AccessEvent> events)
    {
        Span<byte> buffer = stackalloc byte[EventBytes];
        var count = Unistd.read(Descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        if (count < 0)
        {
            if (PosixException.LastErrno() is var errno and not (Errno.EAGAIN or Errno.EINTR)) throw new PosixException(errno, "read of fanotify events");
            return false;
        }

        for (ReadOnlySpan<byte> rest = buffer[..(int)count]; rest.Length >= MetadataBytes;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (rest[4] != LinuxFanotify.FANOTIFY_METADATA_VERSION) throw new PosixException(Errno.EINVAL, "read of fanotify events");
            var mask = BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]);
            var descriptor = BinaryPrimitives.ReadInt32LittleEndian(rest[16..]);

            // Without a descriptor the kernel has denied the access itself.
            if (descriptor >= 0)
                events.Add(new AccessEvent(new Fd(descriptor), BinaryPrimitives.ReadInt32LittleEndian(rest[20..]), (mask & LinuxFanotify.FAN_OPEN_PERM) != 0));
            rest = rest[length..];
        }

        return true;
    }

    /// <summary>Lets the one who waits go on.</summary>
    public void Allow(in AccessEvent access) => Allow(access.File.Number);

    /// <summary>The same for an event taken by another process, by the number that its file had there.</summary>
    public void Allow(int number) => Answer(number, LinuxFanotify.FAN_ALLOW);

    /// <summary>Fails what the one who waits was about to do.</summary>
    /// <param name="access">The event.</param>
    /// <param name="errno">EPERM, EIO, EAGAIN, EBUSY, ETXTBSY, ENOSPC or EDQUOT; the kernel takes no other.</param>
    public void Deny(in AccessEvent access, Errno errno) => Deny(access.File.Number, errno);

    /// <summary>The same for an event taken by another process, by the number that its file had there.</summary>
    public void Deny(int number, Errno errno) => Answer(number, LinuxFanotify.DenyErrno(errno));

    /// <summary>Fails, with EIO, everything that was taken from the group by a process that died before it answered. To be called before the first
    /// <see cref="Read"/>: answers are matched by number only.</summary>
    public void DenyLeftovers(int numbers = 65536)
    {
        for (var number = 0; number < numbers; number++) Answer(number, LinuxFanotify.DenyErrno(Errno.EIO));
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private void Answer(int descriptor, uint response)
    {
        // struct fanotify_response
        Span<byte> answer = stackalloc byte[8];
        MemoryMarshal.Write(answer, descriptor);
        MemoryMarshal.Write(answer[4..], response);

        // ENOENT: the one who waited was killed meanwhile.
        _ = Unistd.write(Descriptor, in MemoryMarshal.GetReference(answer), (nuint)answer.Length);
    }

    private void Mark(uint flags, Fd file)
    {
        Span<byte> path = stackalloc byte[ProcPath.MaxBytes];
        var text = ProcPath.Of(file, path);
        if (LinuxFanotify.fanotify_mark(Descriptor, flags, Accesses, Fcntl.AT_FDCWD, in MemoryMarshal.GetReference(text)) != 0)
            throw new PosixException(PosixException.LastErrno(), "fanotify_mark");
    }

    /// <summary>
    /// Never of a group that ignores files: listing its marks, the kernel holds the group's lock and one file after another; where it is the last to hold
    /// a file that is deleted or whose file system is being unmounted, it drops the file's marks, for which it waits for that lock. The reader and the
    /// unmount then hang until the machine is started anew (seen on Linux 6.18, in fanotify_show_fdinfo).
    /// </summary>
    private IEnumerable<string> FdInfo() => File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{Descriptor.Number}"));
}
