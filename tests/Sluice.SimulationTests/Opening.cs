using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>A user opens a file, and waits until the guard lets it through: the data is brought back first, by whichever process lives.</summary>
/// <param name="world">The world.</param>
/// <param name="link">Where the file is.</param>
/// <param name="file">The file.</param>
/// <param name="isWriter">Whether it is opened for writing.</param>
/// <param name="then">What is done with it.</param>
internal sealed class Opening(World world, LinkedDisk link, Inode file, bool isWriter, Action then)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private bool _isAsked;
    private bool _isThrough;

    /// <summary>Whether the file is closed again.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether the file is still there for somebody to wait for.</summary>
    private bool IsGone => file.Parent is null;

    /// <summary>Tries to go on.</summary>
    /// <param name="process">The process that lives; null for none.</param>
    public void Try(Func<SimulatedProcess?> process)
    {
        if (_isThrough) return;
        if (IsGone) End();
        else if (file.IsHeldFrom(isWriter)) world.In(TimeSpan.FromMilliseconds(1), () => Try(process));
        else if (!file.IsWatched && !_isAsked) Enter();
        else Ask(process);
    }

    private void Ask(Func<SimulatedProcess?> process)
    {
        _isAsked = true;
        world.Note("waits", file.Path);
        process()?.Restore(link.Disk, file, isRestored =>
        {
            if (_isThrough) return;
            if (isRestored) Enter();
            else if (link.IsLost(file)) End();
        });

        // The process may die, or fail: the guard asks again.
        world.In(Patience, () => Try(process));
    }

    private void Enter()
    {
        Use();
        if (world.Chance.Roll(0.6))
        {
            End();
            return;
        }

        // Kept open for a while, and used once more: nobody asks then.
        _isThrough = true;
        if (isWriter) file.Writers++;
        else file.Readers++;
        world.In(TimeSpan.FromMilliseconds(world.Chance.Spread(1, 3_000)), () =>
        {
            Use();
            if (isWriter) file.Writers--;
            else file.Readers--;
            End();
        });
    }

    private void Use()
    {
        if (IsGone) return;
        if (!file.IsRight) world.Violate($"'{file.Path}' is open, and does not hold what was written to it");
        world.Note(isWriter ? "writes" : "reads", file.Path);
        then();
    }

    private void End() => _isThrough = IsDone = true;
}
