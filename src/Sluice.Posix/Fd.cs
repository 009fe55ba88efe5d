using System.Runtime.InteropServices;

namespace Sluice.Posix;

/// <summary>A file descriptor; disposing it closes it.</summary>
public sealed class Fd : SafeHandle
{
    /// <summary>For the marshaller.</summary>
    public Fd()
        : base(-1, ownsHandle: true)
    {
    }

    internal Fd(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <summary>The number; only valid while the handle is referenced.</summary>
    internal int Number => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
