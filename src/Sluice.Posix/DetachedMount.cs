using System.Runtime.InteropServices;
using System.Text;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>
/// A file system that is mounted but has no path yet (fsopen, fsmount): time to guard it before anybody can reach it. Disposal before
/// <see cref="MoveTo"/> unmounts it. Needs CAP_SYS_ADMIN.
/// </summary>
public sealed class DetachedMount : IDisposable
{
    private static readonly Dictionary<string, int> Attributes = new()
    {
        ["nosuid"] = SysMount.MOUNT_ATTR_NOSUID,
        ["nodev"] = SysMount.MOUNT_ATTR_NODEV,
        ["noexec"] = SysMount.MOUNT_ATTR_NOEXEC,
        ["noatime"] = SysMount.MOUNT_ATTR_NOATIME,
        ["strictatime"] = SysMount.MOUNT_ATTR_STRICTATIME,
        ["nodiratime"] = SysMount.MOUNT_ATTR_NODIRATIME,
        ["relatime"] = 0,
        ["defaults"] = 0,
        ["rw"] = 0,
        ["auto"] = 0,
        ["noauto"] = 0,
        ["nofail"] = 0,
        ["_netdev"] = 0,
    };

    private readonly Fd _mount;

    private DetachedMount(Fd mount, Fd root) => (_mount, Root) = (mount, root);

    /// <summary>Its root directory.</summary>
    public Fd Root { get; }

    /// <summary>Mounts a device.</summary>
    /// <param name="type">The file system's type, as <c>xfs</c>.</param>
    /// <param name="device">The block device.</param>
    /// <param name="options">Options as of mount(8).</param>
    /// <exception cref="PosixException">EBUSY: it is mounted already. Others with what the file system says of them.</exception>
    public static DetachedMount Create(string type, string device, IReadOnlyList<string> options)
    {
        using var context = Open(type, device);
        Configure(context, device, SysMount.FSCONFIG_SET_STRING, "source", device);
        var attributes = 0;
        foreach (var option in options)
        {
            if (Attributes.TryGetValue(option, out var attribute)) attributes |= attribute;
            else if (option.Split('=', 2) is [var key, var value]) Configure(context, device, SysMount.FSCONFIG_SET_STRING, key, value);
            else Configure(context, device, SysMount.FSCONFIG_SET_FLAG, option, null);
        }

        Configure(context, device, SysMount.FSCONFIG_CMD_CREATE_EXCL, null, null);
        var descriptor = SysMount.fsmount(SysMount.SYS_fsmount, context, SysMount.FSMOUNT_CLOEXEC, (nuint)attributes);
        if (descriptor < 0) throw new PosixException(PosixException.LastErrno(), "fsmount", device);
        var mount = new Fd((int)descriptor);
        try
        {
            return new DetachedMount(mount, FileSystemCalls.OpenBeneath(mount, "."u8, OpenFlags.Directory));
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    /// <summary>Another way to the same files, which no path leads to.</summary>
    public PrivateMount Clone() => PrivateMount.Clone(string.Create(null, $"/proc/self/fd/{Root.Number}"));

    /// <summary>Gives it a path: from now on everybody sees it.</summary>
    public void MoveTo(string directory)
    {
        if (SysMount.move_mount(SysMount.SYS_move_mount, _mount, "", Fcntl.AT_FDCWD, directory, SysMount.MOVE_MOUNT_F_EMPTY_PATH) != 0)
            throw new PosixException(PosixException.LastErrno(), "move_mount", directory);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Root.Dispose();
        _mount.Dispose();
    }

    private static Fd Open(string type, string device)
    {
        var descriptor = SysMount.fsopen(SysMount.SYS_fsopen, type, SysMount.FSOPEN_CLOEXEC);
        return descriptor >= 0 ? new Fd((int)descriptor) : throw new PosixException(PosixException.LastErrno(), $"fsopen {type}", device);
    }

    private static void Configure(Fd context, string device, int command, string? key, string? value)
    {
        if (SysMount.fsconfig(SysMount.SYS_fsconfig, context, (nuint)command, key, value, 0) == 0) return;
        var errno = PosixException.LastErrno();
        var what = key is null ? "mount" : value is null ? $"mount with option {key}, of" : $"mount with option {key}={value}, of";
        throw new PosixException(errno, Complaint(context) is { } said ? $"{what} ({said})" : what, device);
    }

    /// <summary>The file system's own words, of which there is a message a read, as "e xfs: …".</summary>
    private static string? Complaint(Fd context)
    {
        Span<byte> text = stackalloc byte[512];
        var count = Unistd.read(context, ref MemoryMarshal.GetReference(text), (nuint)text.Length);
        return count > 2 ? Encoding.UTF8.GetString(text[2..(int)count]).TrimEnd() : null;
    }
}
