using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>A copy of a mount that no path leads to (open_tree with OPEN_TREE_CLONE): the way to a file system's files for one process alone. Needs
/// CAP_SYS_ADMIN.</summary>
public sealed class PrivateMount : IDisposable
{
    /// <summary>By descriptors that exist, which it takes over.</summary>
    /// <param name="tree">What keeps the mount.</param>
    /// <param name="root">Its root directory.</param>
    public PrivateMount(Fd tree, Fd root) => (Tree, Root) = (tree, root);

    /// <summary>Keeps the mount; good for nothing else.</summary>
    public Fd Tree { get; }

    /// <summary>The directory that was given, through this mount.</summary>
    public Fd Root { get; }

    /// <summary>Copies the mount on which a directory lies; its root is that directory.</summary>
    public static PrivateMount Clone(string absolutePath)
    {
        var descriptor = SysMount.open_tree(SysMount.SYS_open_tree, Fcntl.AT_FDCWD, absolutePath, SysMount.OPEN_TREE_CLONE | Fcntl.O_CLOEXEC);
        if (descriptor < 0) throw new PosixException(PosixException.LastErrno(), "open_tree", absolutePath);
        return Of(new Fd((int)descriptor));
    }

    /// <summary>The mount by a descriptor that keeps it, as another process has it; takes it over.</summary>
    public static PrivateMount Of(Fd tree)
    {
        try
        {
            // The descriptor of the tree opens nothing by handle.
            return new PrivateMount(tree, FileSystemCalls.OpenBeneath(tree, "."u8, OpenFlags.Directory));
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Root.Dispose();
        Tree.Dispose();
    }
}
