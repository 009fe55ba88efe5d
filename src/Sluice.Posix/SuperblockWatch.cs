using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>
/// Tells when a file system has gone: when no mount of it is left in any namespace, and no file of it is open. A watch of its root directory by
/// inotify(7), which does not keep it, and whose queue gets its first event then. Processes that have the same descriptor see the same.
/// </summary>
public sealed class SuperblockWatch : IDisposable
{
    /// <summary>By a descriptor of another watch, which it takes over.</summary>
    public SuperblockWatch(Fd descriptor) => Descriptor = descriptor;

    /// <summary>The descriptor.</summary>
    public Fd Descriptor { get; }

    /// <summary>Whether it has gone. Asking takes nothing from the queue.</summary>
    public bool HasEnded
    {
        get
        {
            var poll = new SysPoll.pollfd { fd = Descriptor.Number, events = SysPoll.POLLIN };
            return SysPoll.poll(ref poll, 1, 0) > 0;
        }
    }

    /// <summary>Watches a file system by its root directory, which nobody can delete.</summary>
    /// <exception cref="PosixException">EMFILE: the user has no more inotify instances (fs.inotify.max_user_instances).</exception>
    public static SuperblockWatch Create(Fd root)
    {
        var descriptor = SysInotify.inotify_init1(SysInotify.IN_CLOEXEC);
        if (descriptor < 0) throw new PosixException(PosixException.LastErrno(), "inotify_init1");
        var watch = new SuperblockWatch(new Fd(descriptor));
        Span<byte> path = stackalloc byte[ProcPath.MaxBytes];
        var text = ProcPath.Of(root, path);
        if (SysInotify.inotify_add_watch(watch.Descriptor, in MemoryMarshal.GetReference(text), SysInotify.IN_DELETE_SELF) >= 0) return watch;
        var errno = PosixException.LastErrno();
        watch.Dispose();
        throw new PosixException(errno, "inotify_add_watch");
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
