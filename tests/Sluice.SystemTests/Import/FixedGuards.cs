using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.SystemTests.Import;

/// <summary>The same guard, or none, for every file system.</summary>
internal sealed class FixedGuards(IFileSystemGuard? guard, string? refusal = null) : IFileSystemGuards
{
    /// <inheritdoc/>
    public GuardedRoot Open(string rootPath) => new(FileSystemCalls.OpenRoot(rootPath), guard, refusal);
}
