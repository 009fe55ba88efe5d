using System.Globalization;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>An image file as a block device (loop(4)). The kernel lets go of the image when nobody has the device open or mounted any more.</summary>
public sealed class LoopDevice : IDisposable
{
    private const int Attempts = 64;

    private readonly Fd _device;

    private LoopDevice(Fd device, string path) => (_device, Path) = (device, path);

    /// <summary>The device, as <c>/dev/loop3</c>.</summary>
    public string Path { get; }

    /// <summary>Makes a device of an image.</summary>
    /// <exception cref="PosixException">ENOENT: there is no image, or no loop devices here; EPERM, EACCES: no right.</exception>
    public static LoopDevice Attach(string imagePath)
    {
        using var image = FileSystemCalls.OpenString(imagePath, Fcntl.O_RDWR, mode: 0);
        using var control = FileSystemCalls.OpenString("/dev/loop-control", Fcntl.O_RDWR, mode: 0);
        for (var attempt = 1; ; attempt++)
        {
            var number = LinuxLoop.ioctl(control, LinuxLoop.LOOP_CTL_GET_FREE, 0);
            if (number < 0) throw new PosixException(PosixException.LastErrno(), "ioctl LOOP_CTL_GET_FREE");
            var path = string.Create(CultureInfo.InvariantCulture, $"/dev/loop{number}");
            var device = FileSystemCalls.OpenString(path, Fcntl.O_RDWR, mode: 0);
            var configuration = new LinuxLoop.loop_config { fd = (uint)image.Number };
            configuration.info.lo_flags = LinuxLoop.LO_FLAGS_AUTOCLEAR;
            if (LinuxLoop.ioctl_configure(device, LinuxLoop.LOOP_CONFIGURE, in configuration) == 0) return new LoopDevice(device, path);
            var errno = PosixException.LastErrno();
            device.Dispose();

            // EBUSY: somebody else was faster.
            if (errno != Errno.EBUSY || attempt == Attempts) throw new PosixException(errno, "ioctl LOOP_CONFIGURE", imagePath);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();
}
