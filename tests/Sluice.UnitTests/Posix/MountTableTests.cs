using Sluice.Posix;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>What the system says of its mounts.</summary>
public sealed class MountTableTests
{
    [Fact]
    public void A_line_of_mountinfo_is_read_with_and_without_tags_and_with_escaped_names()
    {
        string[] lines =
        [
            @"36 35 98:0 /mnt1 /mnt\040two rw,noatime master:1 shared:2 - ext3 /dev/ro\134ot rw,errors=continue",
            "40 28 0:27 / /sys rw - sysfs sysfs",
            "nonsense",
        ];

        Assert.Equal(
            [new MountEntry(36, 0x6200, "/mnt two", "ext3", @"/dev/ro\ot", "rw,errors=continue"), new MountEntry(40, 0x1B, "/sys", "sysfs", "sysfs", "")],
            MountTable.Parse(lines));
    }

    [Fact]
    public void The_mount_of_a_file_is_found()
    {
        using var proc = FileSystemCalls.OpenRoot("/proc");

        Assert.Equal(("/proc", "proc"), (MountTable.Of(proc)?.Path, MountTable.Of(proc)?.Type));
    }
}
