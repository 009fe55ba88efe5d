using Sluice.Catalog;
using Sluice.Core.FileSystems;
using Sluice.Protocol.Shapes;
using FileSystem = Sluice.Core.FileSystems.FileSystem;

namespace Sluice.Server.Operations;

/// <summary>ResolvePaths: from a path on this machine to a file system and the path in it. Symlinks are followed, as by every program that is given the
/// path; nothing is opened.</summary>
internal sealed class PathOperations(ICatalog catalog)
{
    private const int Page = 100;

    /// <summary>Resolves each path, in their order, to the innermost file system that holds it.</summary>
    /// <exception cref="Core.Faults.FsxFault">BadRequest, naming the path: it is not absolute, or no file system's root holds it.</exception>
    public async Task<ResolvePathsResponse> ResolveAsync(ResolvePathsRequest request, CancellationToken cancellationToken)
    {
        var roots = await RootsAsync(cancellationToken);
        return new ResolvePathsResponse { Paths = [.. request.Paths!.Select(path => Resolve(path, roots))] };
    }

    private async Task<IReadOnlyList<(string Path, FileSystem FileSystem)>> RootsAsync(CancellationToken cancellationToken)
    {
        var roots = new List<(string, FileSystem)>();
        for (PageCursor? after = null; ;)
        {
            var page = await catalog.ListFileSystemsAsync(after, Page, cancellationToken);
            roots.AddRange(page.Where(item => item.Lifecycle is not (FileSystemLifecycle.Deleting or FileSystemLifecycle.Failed))
                .Select(item => (RealPath.Resolve(item.RootPath) ?? item.RootPath, item)));
            if (page.Count < Page) return roots;
            after = new PageCursor(page[^1].CreationTime, page[^1].Id.Value);
        }
    }

    private static ResolvedPath Resolve(string path, IReadOnlyList<(string Path, FileSystem FileSystem)> roots)
    {
        if (!Path.IsPathFullyQualified(path)) throw Faults.BadRequest($"The path '{path}' is not absolute.");
        var real = RealOf(path) ?? throw Faults.BadRequest($"There is no directory that holds '{path}'.");
        var (root, fileSystem) = roots.Where(candidate => RealPath.Contains(candidate.Path, real)).OrderByDescending(candidate => candidate.Path.Length).FirstOrDefault();
        if (fileSystem is null) throw Faults.BadRequest($"No file system's root holds the path '{path}'.");
        return new ResolvedPath { Path = path, FileSystemId = fileSystem.Id.Value, FileSystemPath = root == "/" ? real : $"/{real[root.Length..].TrimStart('/')}" };
    }

    private static string? RealOf(string path)
    {
        try
        {
            return RealPath.OfEntry(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.BadRequest($"The path '{path}' can't be followed: {e.Message}");
        }
    }
}
