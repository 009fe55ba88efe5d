using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>A user opens a file.</summary>
/// <param name="world">The world.</param>
/// <param name="link">Where the file is.</param>
/// <param name="file">The file.</param>
/// <param name="isWriter">Whether it is opened for writing.</param>
/// <param name="then">What is done with it.</param>
internal sealed class Opening(World world, LinkedDisk link, Inode file, bool isWriter, Action then) : Access(world, link, file)
{
    /// <inheritdoc/>
    protected override bool IsHeld => File.IsHeldFrom(isWriter);

    /// <inheritdoc/>
    protected override void Enter(bool isAsked)
    {
        Use();
        if (World.Chance.Roll(0.6))
        {
            End();
            return;
        }

        // Kept open for a while, and used once more: nobody asks then.
        if (isWriter) File.Writers++;
        else File.Readers++;
        World.In(TimeSpan.FromMilliseconds(World.Chance.Spread(1, 3_000)), () =>
        {
            Use();
            if (isWriter) File.Writers--;
            else File.Readers--;
            End();
        });
    }

    private void Use() => Use(isWriter ? "writes" : "reads", then);
}
