using Sluice.Core.FileSystems;
using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.Server.Operations;

/// <summary>Refuses what makes files without their data where nobody would bring it back.</summary>
internal sealed class GuardChecks(IFileSystemGuards guards)
{
    // Smithy shape ErrorMessage.
    private const int MaxMessage = 256;

    /// <summary>Passes a file system that has a guard, or will have one where its directory is still to be made.</summary>
    /// <exception cref="Core.Faults.FsxFault">UnsupportedOperation with the reason and the remedy.</exception>
    public void CheckGuarded(FileSystem fileSystem)
    {
        try
        {
            using var root = guards.Open(Existing(fileSystem));
            if (root.Refusal is { } refusal) throw Faults.Unsupported(Cut(refusal));
        }
        catch (PosixException e)
        {
            throw Faults.BadRequest(Cut($"The root directory of file system '{fileSystem.Id}' can't be opened: {e.Message}"));
        }
    }

    private static string Existing(FileSystem fileSystem)
    {
        var path = fileSystem.RootPath;
        if (fileSystem.Lifecycle != FileSystemLifecycle.Creating) return path;
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent) path = parent;
        return path;
    }

    private static string Cut(string message) => message.Length <= MaxMessage ? message : message[..(MaxMessage - 1)] + "…";
}
