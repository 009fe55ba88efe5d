namespace Sluice.SystemTests.Hydration;

/// <summary>One way to get at a file: a command for sh(1), run in a directory that holds the file <c>f</c> and another one, <c>o</c>. What it prints must
/// be the same for released files as for ordinary ones.</summary>
/// <param name="Name">Name of the row and of its directory.</param>
/// <param name="Command">The command; <c>$ACCESS</c> is the rig's program, <c>$ELSEWHERE</c> a directory on another file system.</param>
internal sealed record AccessRow(string Name, string Command)
{
    /// <summary>File systems that can do it.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = ["ext4", "xfs", "btrfs"];

    /// <summary>The two files hold the same.</summary>
    public bool IsTwin { get; init; }
}
