using Sluice.Posix;
using Sluice.TestKit;

namespace Sluice.UnitTests.Posix;

/// <summary>Runs a walk to its end and keeps what it yielded.</summary>
internal sealed class WalkedTree
{
    internal List<TreePath> Paths { get; } = [];

    internal Dictionary<TreePath, FileStatus> Statuses { get; } = [];

    internal List<(TreePath Path, Errno Errno)> Errors { get; } = [];

    /// <summary>Walks below a directory.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="start">Where the walk begins.</param>
    /// <param name="each">Looks at each entry before the walk goes on.</param>
    internal static WalkedTree Of(string root, TreePath start = default, Action<TreeWalk>? each = null)
    {
        using var directory = FileSystemCalls.OpenRoot(root);
        using var walk = new TreeWalk(directory, start.Bytes);
        var walked = new WalkedTree();
        while (walk.MoveNext())
        {
            TreePath path = walk.Path.ToArray();
            walked.Paths.Add(path);
            if (walk.Error is { } error)
                walked.Errors.Add((path, error.Errno));
            else
                walked.Statuses.Add(path, walk.Status);
            each?.Invoke(walk);
        }

        return walked;
    }
}
