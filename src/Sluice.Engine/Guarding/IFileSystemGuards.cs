using Sluice.Posix;

namespace Sluice.Engine.Guarding;

/// <summary>The guards of the file systems of this machine.</summary>
public interface IFileSystemGuards
{
    /// <summary>Opens the way to the files beneath a root directory, guarded where that is possible here.</summary>
    /// <exception cref="PosixException">The directory can't be opened.</exception>
    GuardedRoot Open(string rootPath);
}
