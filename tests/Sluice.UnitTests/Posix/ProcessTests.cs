using System.Globalization;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class ProcessTests
{
    [Fact]
    public void Capabilities_are_those_proc_tells()
    {
        const string Label = "CapEff:";
        var line = File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith(Label, StringComparison.Ordinal));
        var effective = ulong.Parse(line[Label.Length..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        foreach (var capability in Enum.GetValues<Capability>())
            Assert.Equal((effective & (1UL << (int)capability)) != 0, FileSystemCalls.HasCapability(capability));
    }

    [Fact]
    public void A_privilege_given_up_is_told()
    {
        Require.Root();
        Assert.True(FileSystemCalls.HasCapability(Capability.DacReadSearch));
        using var nobody = FsUser.Nobody;
        Assert.False(FileSystemCalls.HasCapability(Capability.DacReadSearch));
    }

    [Fact]
    public void The_limit_of_open_files_becomes_the_hard_one()
    {
        var raised = FileSystemCalls.SetNoFileLimit();
        var limits = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var words = limits.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(words[4], words[3]);
        Assert.Equal(words[3] == "unlimited" ? long.MaxValue : long.Parse(words[3]), raised);
    }

    [Fact]
    public async Task A_file_changed_now_gets_a_time_between_the_coarse_clock_and_now()
    {
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var granularity = FileSystemCalls.ClockGranularityNs();
        Assert.InRange(granularity, 1, 20_000_000);
        for (var i = 'a'; i <= 'z'; i++)
        {
            var before = FileSystemCalls.CoarseTimeNs();
            using var file = FileSystemCalls.OpenBeneath(root, [(byte)'f', (byte)i], OpenFlags.ReadWrite | OpenFlags.Create, mode: 0x180);
            var stamp = FileSystemCalls.Status(file).CtimeNs;
            Assert.InRange(stamp, before, ((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100) + 100);
        }
    }
}
