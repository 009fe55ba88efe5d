using Sluice.Hydrator.Holding;
using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Guarding;

/// <summary>A guarded file system: this process's descriptors of what the holder keeps.</summary>
/// <param name="kind">How it is guarded.</param>
/// <param name="device">The superblock's device number.</param>
/// <param name="group">Who is asked.</param>
/// <param name="watch">Tells when a dedicated one has gone; null for a shared one.</param>
internal sealed class GuardedSuperblock(GuardKind kind, ulong device, FanotifyGroup group, SuperblockWatch? watch) : IDisposable
{
    private PrivateMount? _mount;

    /// <summary>How it is guarded.</summary>
    public GuardKind Kind { get; } = kind;

    /// <summary>The superblock's device number.</summary>
    public ulong Device { get; } = device;

    /// <summary>Who is asked.</summary>
    public FanotifyGroup Group { get; } = group;

    /// <summary>The way to its files past the guard; null when it is being unmounted.</summary>
    public PrivateMount? Mount => Volatile.Read(ref _mount);

    /// <summary>Whether a dedicated one has gone: its number may be that of another file system already.</summary>
    public bool HasGone => watch?.HasEnded == true;

    /// <summary>Whether nobody can reach any of its files without data any more: it has gone, or, a shared one, there are none.</summary>
    public bool HasEnded => watch?.HasEnded ?? !Group.HasFileMarks();

    /// <summary>What the holder keeps of it: the group last, so that with it there is everything.</summary>
    public IEnumerable<(HeldName Name, Fd Descriptor)> Parts()
    {
        if (Mount is { } mount) yield return (NameOf(HeldPart.Mount), mount.Tree);
        if (watch is not null) yield return (NameOf(HeldPart.Watch), watch.Descriptor);
        yield return (NameOf(HeldPart.Group), Group.Descriptor);
    }

    /// <summary>The one that the holder keeps, without its mount; null when it does not.</summary>
    public static GuardedSuperblock? Take(HolderClient holder, GuardKind kind, ulong device)
    {
        var watch = kind == GuardKind.Dedicated ? holder.Take(new HeldName(kind, device, HeldPart.Watch)) : null;
        if ((kind == GuardKind.Shared || watch is not null) && holder.Take(new HeldName(kind, device, HeldPart.Group)) is { } group)
            return new GuardedSuperblock(kind, device, new FanotifyGroup(group), watch is null ? null : new SuperblockWatch(watch));
        watch?.Dispose();
        return null;
    }

    /// <summary>Gives it the way to its files, or takes it away.</summary>
    public void SetMount(PrivateMount? mount) => Interlocked.Exchange(ref _mount, mount)?.Dispose();

    /// <summary>The holder's name for a part of it.</summary>
    public HeldName NameOf(HeldPart part) => new(Kind, Device, part);

    /// <inheritdoc/>
    public void Dispose()
    {
        SetMount(null);
        watch?.Dispose();
        Group.Dispose();
    }
}
