using Sluice.Core.Associations;
using Sluice.Core.Paths;
using Sluice.Core.Repositories;
using Sluice.Core.Tasks;

namespace Sluice.Server.Operations;

/// <summary>A task's paths as its type means them: of an import they are <c>s3://</c> paths, else paths in the file system. Without any it is everything.</summary>
internal sealed class TaskPaths
{
    private readonly IReadOnlyList<FileSystemPath> _local;
    private readonly IReadOnlyList<RepositoryPath> _remote;

    private TaskPaths(IReadOnlyList<FileSystemPath> local, IReadOnlyList<RepositoryPath> remote) => (_local, _remote) = (local, remote);

    /// <summary>Whether it is everything.</summary>
    public bool AreAll => _local.Count == 0 && _remote.Count == 0;

    /// <summary>Reads the paths of a task.</summary>
    /// <exception cref="Core.Faults.FsxFault">BadRequest: one is malformed.</exception>
    public static TaskPaths Parse(TaskType type, IReadOnlyList<string> texts) => type == TaskType.ImportMetadata
        ? new TaskPaths([], [.. texts.Select(ParseRemote)])
        : new TaskPaths([.. texts.Select(ParseLocal)], []);

    /// <summary>Whether a task has to do with an association of its file system.</summary>
    public static bool IsUsing(RepositoryTask task, DataRepositoryAssociation association) =>
        task.FileSystemId == association.FileSystemId && Parse(task.Type, task.Paths).Touch(association);

    /// <summary>Whether a task with these paths has to do with an association.</summary>
    public bool Touch(DataRepositoryAssociation association)
    {
        if (AreAll) return true;
        if (_local.Count > 0) return _local.Any(FileSystemPath.TryParse(association.FileSystemPath)!.Overlaps);
        return RepositoryPath.TryParse(association.DataRepositoryPath, out var linked) && _remote.Any(linked.Overlaps);
    }

    /// <summary>Whether both cover the same, however it is written.</summary>
    public bool Equal(TaskPaths other) => Normal().SetEquals(other.Normal());

    private HashSet<string> Normal()
    {
        var set = _remote.Count > 0
            ? _remote.Where(path => !_remote.Any(outer => outer != path && outer.Contains(path))).Select(path => path.ToString()).ToHashSet(StringComparer.Ordinal)
            : FileSystemPath.Union(_local).Select(path => path.Value).ToHashSet(StringComparer.Ordinal);
        return set.Count == 0 ? [""] : set;
    }

    private static FileSystemPath ParseLocal(string text) =>
        FileSystemPath.TryParse(text) ?? throw Faults.BadRequest($"The path {Faults.Show(text)} is not allowed: it contains '..' or NUL.");

    private static RepositoryPath ParseRemote(string text) => RepositoryPath.TryParse(text, out var path)
        ? path
        : throw Faults.BadRequest($"The path {Faults.Show(text)} is not valid for an import; expected s3://bucket or s3://bucket/prefix.");
}
