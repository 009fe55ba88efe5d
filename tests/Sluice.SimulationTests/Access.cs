using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>A user wants a file, and waits until the guard lets it through: the data is brought back first, by whichever process lives.</summary>
/// <param name="world">The world.</param>
/// <param name="link">Where the file is.</param>
/// <param name="file">The file.</param>
internal abstract class Access(World world, LinkedDisk link, Inode file)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private bool _isAsked;
    private bool _isThrough;

    /// <summary>Whether the user is done with the file.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether a lease has the user wait before the guard is asked.</summary>
    protected virtual bool IsHeld => false;

    /// <summary>Whether the file is not there any more for somebody to wait for.</summary>
    protected bool IsGone => File.Parent is null;

    protected World World { get; } = world;

    protected LinkedDisk Link { get; } = link;

    protected Inode File { get; } = file;

    /// <summary>Tries to go on.</summary>
    /// <param name="process">The process that lives; null for none.</param>
    public void Try(Func<SimulatedProcess?> process)
    {
        if (_isThrough) return;
        if (IsGone) End();
        else if (IsHeld) World.In(TimeSpan.FromMilliseconds(1), () => Try(process));
        else if (!File.IsWatched && !_isAsked) Pass();
        else Ask(process);
    }

    /// <summary>The guard has let it through, or asks nobody about the file.</summary>
    /// <param name="isAsked">Whether the guard was asked.</param>
    protected abstract void Enter(bool isAsked);

    /// <summary>The user does with the file what it wanted to, and has to find in it what was written.</summary>
    protected void Use(string verb, Action use)
    {
        if (IsGone) return;
        if (!File.IsRight) World.Violate($"'{File.Path}' is in use, and does not hold what was written to it");
        World.Note(verb, File.Path);
        use();
    }

    /// <summary>The user is done.</summary>
    protected void End() => _isThrough = IsDone = true;

    private void Ask(Func<SimulatedProcess?> process)
    {
        _isAsked = true;
        World.Note("waits", File.Path);
        process()?.Restore(Link.Disk, File, isRestored =>
        {
            if (_isThrough) return;
            if (isRestored) Pass();
            else if (Link.IsLost(File)) End();
        });

        // The process may die, or fail: the guard asks again.
        World.In(Patience, () => Try(process));
    }

    private void Pass()
    {
        _isThrough = true;
        Enter(_isAsked);
    }
}
