using Sluice.Posix;

namespace Sluice.Engine.Guarding;

/// <summary>Guards nothing.</summary>
/// <param name="refusal">Why not, and the remedy.</param>
public sealed class NoGuards(string refusal) : IFileSystemGuards
{
    /// <inheritdoc/>
    public GuardedRoot Open(string rootPath) => new(FileSystemCalls.OpenRoot(rootPath), guard: null, refusal);
}
