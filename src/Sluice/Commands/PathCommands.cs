using System.CommandLine;
using Sluice.CommandLine.Client;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice release PATH…</c> and <c>sluice restore PATH…</c>: tasks by the paths people have at hand.</summary>
internal static class PathCommands
{
    /// <summary>What a release does, for its help.</summary>
    public const string ReleaseDetails =
        """
        Only files whose data is in the bucket, unchanged since, and that nobody has open. Names, sizes and times stay; whoever opens a
        released file waits until its data is back.
        """;

    private const string RunDetails =
        """
        A task of the server, one for each file system, followed to its end. PATHs are the server's own; symlinks are followed.
        Ctrl-C cancels it: files in flight are finished, no other begins, what is done stays done (exit code 5).
        """;

    public static ApiCommand Release(CommandContext context)
    {
        var (paths, age) = (Paths(), SharedOptions.OlderThan());
        return new ApiCommand(
            context, "release", "Free the space of exported files; reading brings their data back.",
            ["sluice release /scratch/project/run-7", "sluice release --older-than 30 /scratch/project"], [paths, age],
            (parsed, server, json, token) => new PathTasks(
                context, server, "released",
                (id, some, cancel) => TaskRequests.CreateAsync(server, TaskRequests.Release(id, some, parsed.GetValue(age)), cancel))
                .RunAsync(parsed.GetRequiredValue(paths), json, token))
        {
            Details = $"{ReleaseDetails}\n\n{RunDetails}",
        };
    }

    public static ApiCommand Restore(CommandContext context)
    {
        var paths = Paths();
        return new ApiCommand(
            context, "restore", "Bring the data of released files back, before anybody has to wait for it.",
            ["sluice restore /scratch/project/run-7", "sluice restore --json data/*.h5"], [paths],
            (parsed, server, json, token) => new PathTasks(
                context, server, "restored", (id, some, cancel) => TaskRequests.RestoreAsync(server, id, some, cancel))
                .RunAsync(parsed.GetRequiredValue(paths), json, token))
        {
            Details = RunDetails,
        };
    }

    private static Argument<string[]> Paths() => new("PATH") { Description = "Files and directories; of a directory all that is beneath it.", Arity = ArgumentArity.OneOrMore };
}
