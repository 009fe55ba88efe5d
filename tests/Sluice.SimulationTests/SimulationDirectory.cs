namespace Sluice.SimulationTests;

/// <summary>The real directories of the engine's own files, one for each life of the process: what a life that is over still has in its buffers, and
/// writes when it is collected, must not reach the next.</summary>
internal sealed class SimulationDirectory(DirectoryInfo root) : IDisposable
{
    private int _lives;

    /// <summary>The directory of the next life.</summary>
    public DirectoryInfo Next() => Current = Directory.CreateDirectory(Path.Combine(root.FullName, _lives.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private DirectoryInfo? Current { get; set; }

    /// <summary>A life is over: the next begins with its files as they are.</summary>
    public void Keep()
    {
        var kept = Directory.CreateDirectory(Path.Combine(root.FullName, (++_lives).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var file in Current!.GetFiles()) file.CopyTo(Path.Combine(kept.FullName, file.Name));
    }

    public void Dispose()
    {
        foreach (var life in root.GetDirectories()) life.Delete(recursive: true);
    }
}
