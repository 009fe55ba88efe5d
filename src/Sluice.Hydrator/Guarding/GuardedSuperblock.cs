using Sluice.Hydrator.Holding;
using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Guarding;

/// <summary>A guarded file system: this process's descriptors of what the holder keeps.</summary>
internal sealed class GuardedSuperblock(GuardKind kind, ulong device, FanotifyGroup group) : IDisposable
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

    /// <summary>Gives it the way to its files, or takes it away.</summary>
    public void SetMount(PrivateMount? mount) => Interlocked.Exchange(ref _mount, mount)?.Dispose();

    /// <summary>The holder's name for a part of it.</summary>
    public HeldName NameOf(HeldPart part) => new(Kind, Device, part);

    /// <inheritdoc/>
    public void Dispose()
    {
        SetMount(null);
        Group.Dispose();
    }
}
