using System.Text;
using Sluice.Core.FileSystems;
using Sluice.Core.Paths;
using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.Server.Lifecycles;

/// <summary>Removes files, past the guard: nothing is opened or read, so what is released is not restored on its way. Only beneath the root, never through
/// a symlink, never on another mount.</summary>
internal sealed class DirectoryRemoval(IFileSystemGuards guards)
{
    /// <summary>Removes everything in a directory of a file system; the directory stays. One that is not there is empty.</summary>
    /// <exception cref="PosixException">Something could not be removed; everything else is.</exception>
    public void RemoveContents(FileSystem fileSystem, string fileSystemPath, CancellationToken cancellationToken)
    {
        var path = FileSystemPath.TryParse(fileSystemPath) ?? throw new PosixException(Errno.EINVAL, "openat2", fileSystemPath);
        try
        {
            using var root = guards.Open(fileSystem);
            using var directory = FileSystemCalls.OpenBeneath(root.Root, path.ToBytes(), OpenFlags.Directory | OpenFlags.NoFollow);
            TreeRemoval.RemoveContents(directory, cancellationToken);
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
        }
    }

    /// <summary>Removes the root of a file system with everything in it. One that is not there is removed.</summary>
    /// <exception cref="PosixException">Something could not be removed; everything else is.</exception>
    public void RemoveTree(FileSystem fileSystem, CancellationToken cancellationToken)
    {
        var path = fileSystem.RootPath;
        if (!Directory.Exists(path)) return;
        RemoveContents(fileSystem, "/", cancellationToken);
        using var parent = FileSystemCalls.OpenRoot(Path.GetDirectoryName(path)!);
        FileSystemCalls.RemoveAt(parent, Encoding.UTF8.GetBytes(Path.GetFileName(path)), isDirectory: true);
    }
}
