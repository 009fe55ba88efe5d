namespace Sluice.Hydrator;

/// <summary>How file systems are guarded and their released files restored.</summary>
public sealed record HydratorOptions
{
    /// <summary>The server's data directory; what belongs to guarding is in <c>hydrator</c> in it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Whether file systems that 'sluice mount' has not mounted are guarded too. Files without data are unguarded there, and read as zeros, after
    /// each reboot until a Hydrator has found them again.</summary>
    public bool GuardShared { get; init; }

    /// <summary>How long a restore may go on without any progress before the readers who wait for it get an error; default 60 s. Too small: slow
    /// repositories look broken. Too large: readers hang on broken ones.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a new worker restores what a dead one was asked for before it looks at new readers; default 10 s.</summary>
    public TimeSpan RecoveryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How the holder is started, program first; null: this program with <c>hold</c>.</summary>
    public IReadOnlyList<string>? HolderCommand { get; init; }
}
