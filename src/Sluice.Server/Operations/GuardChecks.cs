using Sluice.Core.FileSystems;
using Sluice.Engine.Guarding;

namespace Sluice.Server.Operations;

/// <summary>Refuses what makes files without their data where nobody would bring it back.</summary>
internal sealed class GuardChecks(IFileSystemGuards guards)
{
    // Smithy shape ErrorMessage.
    private const int MaxMessage = 256;

    /// <summary>Passes a file system that has a guard. Where its directory is still to be made it is made here: nothing else tells.</summary>
    /// <exception cref="Core.Faults.FsxFault">UnsupportedOperation with the reason and the remedy.</exception>
    public void CheckGuarded(FileSystem fileSystem)
    {
        try
        {
            if (fileSystem is { Lifecycle: FileSystemLifecycle.Creating, Adopted: false }) Directory.CreateDirectory(fileSystem.RootPath);
            using var root = guards.Open(fileSystem);
            if (root.Refusal is { } refusal) throw Faults.Unsupported(Cut(refusal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.BadRequest(Cut($"The root directory of file system '{fileSystem.Id}' can't be opened: {e.Message}"));
        }
    }

    private static string Cut(string message) => message.Length <= MaxMessage ? message : message[..(MaxMessage - 1)] + "…";
}
