using Sluice.Core.FileSystems;
using Sluice.Posix;

namespace Sluice.Engine.Guarding;

/// <summary>Opens the roots of file systems.</summary>
public static class FileSystemRoots
{
    /// <summary>
    /// Opens the way to a file system's files. The root of an adopted one was checked, with all symlinks resolved, when it was adopted: who can rename it, or a
    /// directory above it, must not lead to another one by a symlink later.
    /// </summary>
    /// <exception cref="PosixException">The directory can't be opened. ELOOP: a symlink leads to it by now. ESTALE: it was exchanged in this moment.</exception>
    public static GuardedRoot Open(this IFileSystemGuards guards, FileSystem fileSystem)
    {
        ArgumentNullException.ThrowIfNull(guards);
        ArgumentNullException.ThrowIfNull(fileSystem);
        var opened = guards.Open(fileSystem.RootPath);
        try
        {
            if (fileSystem.Adopted) RequireReal(opened.Root, fileSystem.RootPath);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static void RequireReal(Fd root, string path)
    {
        using var real = FileSystemCalls.OpenReal(path);
        if (!FileSystemCalls.IsSameFile(real, root)) throw new PosixException(Errno.ESTALE, "openat2", path);
    }
}
