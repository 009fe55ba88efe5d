using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>Says which entries of a tree a task acts on. It looks at an entry's inode only, never at its content, and changes nothing of it that anybody but Sluice sees.
/// Safe for concurrent use.</summary>
internal interface ITreeJudge
{
    /// <summary>The entry at which <paramref name="walk"/> stands, if the task has to act on it or a mover has to look closer; null otherwise. An entry
    /// that an earlier life of the task is done with is counted as done here.</summary>
    /// <param name="walk">Where the walk is.</param>
    /// <param name="link">The association; null for a task that needs none.</param>
    ScanEntry? Examine(TreeWalk walk, LinkedDirectory? link);

    /// <summary>Counts the entry at which <paramref name="walk"/> stands as done, if an earlier life of the task did it. May ask the repository where the inode alone
    /// does not tell.</summary>
    /// <param name="walk">Where the walk is; it stays there until the answer is there.</param>
    /// <param name="link">The association; null for a task that needs none.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    ValueTask RecountAsync(TreeWalk walk, LinkedDirectory? link, CancellationToken cancellationToken);
}
