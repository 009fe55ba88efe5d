using Sluice.Catalog;
using Sluice.Core;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;

namespace Sluice.Server.Operations;

/// <summary>Decides which directory a new file system gets.</summary>
internal sealed class RootDirectories(ICatalog catalog, ServerOptions options)
{
    /// <summary>Tag of a create request that names an existing directory to adopt.</summary>
    public const string Tag = "sluice:root";

    /// <summary>A new directory beneath the data directory, or the one the tag names.</summary>
    /// <exception cref="Core.Faults.FsxFault">BadRequest: the tag's path is not absolute, not a directory, not beneath an allowed root, or holds
    /// the server's own data.</exception>
    public (string Path, bool IsAdopted) Choose(FileSystemId id, IReadOnlyList<ResourceTag> tags)
    {
        var wanted = tags.Where(tag => tag.Key == Tag).Select(tag => tag.Value).FirstOrDefault();
        if (wanted is null) return (Path.Combine(options.FileSystemsDirectory, id.Value), false);
        if (!Path.IsPathFullyQualified(wanted)) throw Faults.BadRequest($"The tag {Tag} has the value {Faults.Show(wanted)}; expected an absolute path.");

        // Symlinks are resolved before anything is compared, so that none leads out of an allowed root.
        var path = RealPath.Resolve(wanted) ?? throw Faults.BadRequest($"The tag {Tag} names {Faults.Show(wanted)}, which is no directory.");
        if (!options.AllowRoots.Select(RealPath.Resolve).OfType<string>().Any(allowed => RealPath.Contains(allowed, path)))
        {
            throw Faults.BadRequest(
                $"The tag {Tag} names {Faults.Show(wanted)}, which is not beneath a directory the server was started with --allow-root for.");
        }

        var data = RealPath.Resolve(options.DataDirectory)!;
        if (RealPath.Contains(path, data) || RealPath.Contains(data, path))
            throw Faults.BadRequest($"The tag {Tag} names {Faults.Show(wanted)}, which holds the server's own data or lies within it.");
        return (path, true);
    }

    /// <summary>Passes a file system whose adopted directory is no other's. True only until another one is stored: for <see cref="Additions"/>.</summary>
    /// <exception cref="Core.Faults.FsxFault">BadRequest: it lies within the directory of another file system, or that within it.</exception>
    public async Task CheckUnusedAsync(FileSystem fileSystem, CancellationToken cancellationToken)
    {
        if (!fileSystem.Adopted) return;
        var path = fileSystem.RootPath;
        PageCursor? after = null;
        while (true)
        {
            var page = await catalog.ListFileSystemsAsync(after, 100, cancellationToken);
            var user = page.FirstOrDefault(other => other is { Adopted: true, Lifecycle: not FileSystemLifecycle.Deleting }
                && (RealPath.Contains(other.RootPath, path) || RealPath.Contains(path, other.RootPath)));
            if (user is not null)
                throw Faults.BadRequest($"The tag {Tag} names {Faults.Show(path)}, which overlaps the root of file system '{user.Id}'.");
            if (page.Count < 100) return;
            after = new PageCursor(page[^1].CreationTime, page[^1].Id.Value);
        }
    }
}
