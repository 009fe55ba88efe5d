using Sluice.Posix;

namespace Sluice.Engine.Guarding;

/// <summary>The engine's own way to a file system's files: what is opened beneath it is not asked about, so released files read as zeros here.</summary>
/// <param name="root">The file system's root directory, past the guard.</param>
/// <param name="guard">The guard; null when the file system has none.</param>
/// <param name="refusal">Why it has none, and what to do about it; null when it has one.</param>
/// <param name="mount">What keeps the way open, disposed with this; null when nothing does.</param>
public sealed class GuardedRoot(Fd root, IFileSystemGuard? guard, string? refusal, IDisposable? mount = null) : IDisposable
{
    /// <summary>The file system's root directory.</summary>
    public Fd Root { get; } = root;

    /// <summary>Its guard; null when it has none.</summary>
    public IFileSystemGuard? Guard { get; } = guard;

    /// <summary>Why it has none, and the remedy, in at most 200 characters.</summary>
    public string? Refusal { get; } = refusal;

    /// <inheritdoc/>
    public void Dispose()
    {
        Root.Dispose();
        mount?.Dispose();
    }
}
