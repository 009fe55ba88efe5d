using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>
/// A user cuts a file by its path, or has it grow (truncate): the guard lets it through, then it gets its access for writing, then it waits for leases to end.
/// Between the first and the second it may wait for a processor, and holds nothing of the file. Not simulated: that wait where nobody was asked, or where the
/// file had its data all along.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="link">Where the file is.</param>
/// <param name="file">The file.</param>
/// <param name="length">How long it is to be.</param>
/// <param name="longestWait">How long that wait is at most, after the file got its data.</param>
internal sealed class PathCut(World world, LinkedDisk link, Inode file, int length, TimeSpan longestWait) : Access(world, link, file)
{
    /// <inheritdoc/>
    protected override void Enter(bool isAsked)
    {
        var sinceRestored = TimeSpan.FromTicks((World.NowNs - File.CtimeNs) / TimeSpan.NanosecondsPerTick);
        if (isAsked && sinceRestored < longestWait) World.In((longestWait - sinceRestored) * World.Chance.Random.NextDouble(), GoOn);
        else GoOn();
    }

    private void GoOn()
    {
        File.Writers++;
        Cut();
    }

    private void Cut()
    {
        if (File.IsHeldFrom(isWriter: true))
        {
            World.In(TimeSpan.FromMilliseconds(1), Cut);
            return;
        }

        Use("cuts", () => Link.Disk.SetContent(File, [.. File.Written.Take(length), .. new byte[Math.Max(0, length - File.Written.Length)]]));
        File.Writers--;
        End();
    }
}
