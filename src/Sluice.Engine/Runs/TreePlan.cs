using Sluice.Core.Associations;
using Sluice.Core.Paths;
using Sluice.Core.Repositories;
using Sluice.Core.Tasks;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Runs;

/// <summary>Where a task that walks the tree begins: its paths, cut to the associations that cover them, without overlaps. Everything is checked before the
/// first side effect.</summary>
internal static class TreePlan
{
    /// <summary>Plans a task.</summary>
    /// <exception cref="TaskFailedException">A path is malformed, does not exist, crosses a symlink or a mount, or is not linked.</exception>
    public static IReadOnlyList<ScanStart> Make(
        RepositoryTask task, IEnumerable<DataRepositoryAssociation> associations, IRepositoryResolver repositories, Fd root)
    {
        var links = Links(associations, repositories);
        var starts = new List<ScanStart>();
        foreach (var path in Paths(task, root)) starts.AddRange(Cut(path, links, root));
        return starts;
    }

    /// <summary>Plans a task that needs no associations.</summary>
    /// <exception cref="TaskFailedException">A path is malformed, does not exist, or crosses a symlink or a mount.</exception>
    public static IReadOnlyList<ScanStart> MakeUnlinked(RepositoryTask task, Fd root) =>
        [.. Paths(task, root).Select(path => new ScanStart(path, Link: null))];

    /// <summary>What is linked to the file system.</summary>
    /// <exception cref="TaskFailedException">Nothing is.</exception>
    internal static List<LinkedDirectory> Links(IEnumerable<DataRepositoryAssociation> associations, IRepositoryResolver repositories)
    {
        var links = associations
            .Where(association => association.Lifecycle is not (AssociationLifecycle.Deleting or AssociationLifecycle.Failed))
            .Select(association => Link(association, repositories))
            .ToList();
        return links.Count > 0 ? links : throw new TaskFailedException("The file system has no data repository association.");
    }

    private static IReadOnlyList<FileSystemPath> Paths(RepositoryTask task, Fd root) =>
        FileSystemPath.Union(task.Paths.Count == 0 ? [FileSystemPath.Root] : task.Paths.Select(text => Parse(text, root)).ToList());

    private static LinkedDirectory Link(DataRepositoryAssociation association, IRepositoryResolver repositories)
    {
        var directory = FileSystemPath.TryParse(association.FileSystemPath)
            ?? throw new TaskFailedException($"The association's path '{association.FileSystemPath}' is not usable.");
        if (!RepositoryPath.TryParse(association.DataRepositoryPath, out var repository))
            throw new TaskFailedException($"The association's repository '{association.DataRepositoryPath}' is not usable.");
        return new LinkedDirectory(new KeyMapping(directory, repository), repositories.Resolve(repository.Bucket));
    }

    private static FileSystemPath Parse(string text, Fd root)
    {
        var path = FileSystemPath.TryParse(text) ?? throw new TaskFailedException($"The path '{text}' is not usable: it contains '..' or NUL.");
        Probe(path, text, root);
        return path;
    }

    private static IEnumerable<ScanStart> Cut(FileSystemPath path, List<LinkedDirectory> links, Fd root)
    {
        if (links.Find(link => link.Mapping.Directory.Contains(path)) is { } covering) return [new ScanStart(path, covering)];
        var beneath = links.FindAll(link => path.Contains(link.Mapping.Directory));
        if (beneath.Count == 0) throw new TaskFailedException($"The path '{path}' is not linked to a data repository.");
        foreach (var link in beneath) Probe(link.Mapping.Directory, link.Mapping.Directory.ToString(), root);
        return beneath.Select(link => new ScanStart(link.Mapping.Directory, link));
    }

    private static void Probe(FileSystemPath path, string text, Fd root)
    {
        try
        {
            using var probe = FileSystemCalls.OpenBeneath(root, path.ToBytes(), OpenFlags.Path | OpenFlags.NoFollow);
        }
        catch (PosixException e)
        {
            throw new TaskFailedException(e.Errno switch
            {
                Errno.ENOENT or Errno.ENOTDIR => $"The path '{text}' does not exist on the file system.",
                Errno.ELOOP => $"The path '{text}' crosses a symbolic link.",
                Errno.EXDEV => $"The path '{text}' leaves the file system or crosses a mount point.",
                _ => $"The path '{text}' can't be opened: {e.Message}",
            });
        }
    }
}
