using Sluice.Core.Associations;
using Sluice.Core.Repositories;
using Sluice.Core.Tasks;
using Sluice.Engine.Scanning;
using Sluice.Repositories;

namespace Sluice.Engine.Runs;

/// <summary>Which keys an import takes: the task's paths, cut to the associations that cover them, without overlaps. Everything is checked before the first
/// side effect. A path is a path, never a raw prefix: <c>s3://b/p</c> means the key <c>p</c> and the keys that begin with <c>p/</c>.</summary>
internal static class ImportPlan
{
    /// <summary>Plans a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="associations">What is linked to its file system.</param>
    /// <param name="repositories">The buckets.</param>
    /// <param name="isRepeated">It was looked at in an earlier life of the task whether there is anything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TaskFailedException">A path is malformed, not linked, or there is nothing at it.</exception>
    public static async Task<IReadOnlyList<ImportStart>> MakeAsync(
        RepositoryTask task, IEnumerable<DataRepositoryAssociation> associations, IRepositoryResolver repositories, bool isRepeated,
        CancellationToken cancellationToken)
    {
        var links = TreePlan.Links(associations, repositories);
        if (task.Paths.Count == 0) return [.. links.Select(Whole)];
        var starts = new List<ImportStart>();
        foreach (var path in Union(task.Paths.Select(Parse)))
        {
            foreach (var start in Cut(path, links))
            {
                if (!isRepeated && start.Prefix.Length > start.Link.Mapping.Repository.Prefix.Length) await CheckAsync(start, path.Text, cancellationToken);
                starts.Add(start);
            }
        }

        return starts;
    }

    private static ImportStart Whole(LinkedDirectory link) => new(link, link.Mapping.Repository.Prefix, Key: null);

    private static Asked Parse(string text) => RepositoryPath.TryParse(text, out var path)
        ? new Asked(text, path, IsKeyToo: path.Prefix.Length > 0 && !text.EndsWith('/'))
        : throw new TaskFailedException($"The path '{text}' is not usable; expected s3://BUCKET or s3://BUCKET/PREFIX.");

    private static List<Asked> Union(IEnumerable<Asked> paths)
    {
        var kept = new List<Asked>();
        foreach (var path in paths)
        {
            if (kept.Exists(other => other.Path.Contains(path.Path) && (other.Path != path.Path || other.IsKeyToo || !path.IsKeyToo))) continue;
            kept.RemoveAll(other => path.Path.Contains(other.Path));
            kept.Add(path);
        }

        return kept;
    }

    private static List<ImportStart> Cut(Asked asked, List<LinkedDirectory> links)
    {
        var starts = new List<ImportStart>();
        foreach (var link in links)
        {
            var linked = link.Mapping.Repository;
            if (asked.Path == linked || asked.Path.Contains(linked)) starts.Add(Whole(link));
            else if (linked.Contains(asked.Path)) starts.Add(new ImportStart(link, asked.Path.Prefix, asked.IsKeyToo ? asked.Path.Prefix[..^1] : null));
        }

        return starts.Count > 0
            ? starts
            : throw new TaskFailedException($"The path '{asked.Text}' is not inside a data repository that is linked to the file system.");
    }

    private static async Task CheckAsync(ImportStart start, string text, CancellationToken cancellationToken)
    {
        try
        {
            if (!await HasAnyAsync(start, cancellationToken)) throw new TaskFailedException($"There is nothing at the path '{text}' in the repository.");
        }
        catch (RepositoryException e)
        {
            throw new TaskFailedException(RepositoryHealth.Unlistable(e));
        }
    }

    private static async Task<bool> HasAnyAsync(ImportStart start, CancellationToken cancellationToken)
    {
        var repository = start.Link.Repository;
        if (start.Key is { } key && await repository.ListAsync(key, startAfter: null, cancellationToken).FirstOrDefaultAsync(cancellationToken) is { } first && first.Key == key)
            return true;
        return await repository.ListAsync(start.Prefix, startAfter: null, cancellationToken).AnyAsync(cancellationToken);
    }

    private sealed record Asked(string Text, RepositoryPath Path, bool IsKeyToo);
}
