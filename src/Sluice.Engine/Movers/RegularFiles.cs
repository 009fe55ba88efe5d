using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>
/// Opens files of the tree for their data:
/// <code>
/// refer to what has the name, without opening it → regular? → open exactly that
/// </code>
/// What came into a file's place since it was found is not opened: a device or a FIFO would notice, and a symlink is never followed.
/// </summary>
internal static class RegularFiles
{
    /// <summary>Opens what is at a path; null when that is no regular file.</summary>
    /// <param name="root">The root of the file system.</param>
    /// <param name="path">The path beneath it.</param>
    /// <param name="access">Reading, or writing too.</param>
    /// <param name="status">What it was just before it was opened.</param>
    /// <exception cref="PosixException">There is nothing, or it may not be opened.</exception>
    public static Fd? TryOpen(Fd root, ReadOnlySpan<byte> path, OpenFlags access, out FileStatus status)
    {
        using var node = FileSystemCalls.OpenBeneath(root, path, OpenFlags.Path | OpenFlags.NoFollow);
        status = FileSystemCalls.Status(node);
        return status.Kind == FileKind.Regular ? Open(node, access) : null;
    }

    /// <summary>Opens a regular file that a descriptor stands for. What Sluice reads is no access by a user; the owner's or root's right to say so may be missing.</summary>
    public static Fd Open(Fd node, OpenFlags access)
    {
        // Somebody else's lease is not waited for.
        var flags = access | OpenFlags.NonBlock;
        try
        {
            return FileSystemCalls.Reopen(node, flags | OpenFlags.NoAtime);
        }
        catch (PosixException e) when (e.Errno == Errno.EPERM)
        {
            return FileSystemCalls.Reopen(node, flags);
        }
    }
}
