using System.CommandLine;
using Sluice.CommandLine.Demo;
using Sluice.CommandLine.Help;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice demo</c>.</summary>
internal static class DemoCommand
{
    private const int FewestFiles = 1000;
    private const int MostFiles = 1_000_000;

    public static Command Make(CommandContext context)
    {
        var directory = new Option<string?>("--dir") { Description = "Where to put everything; must be empty or missing. Default: a new directory in the temporary one.", HelpName = "DIR" };
        var files = new Option<int>("--files") { Description = "How many files to make.", HelpName = "COUNT", DefaultValueFactory = _ => 4000 };
        var command = new DocumentedCommand(
            "demo", "Show everything once, on made-up files, through the real API.", ["sluice demo", "sluice demo --dir /tmp/sluice-demo --files 20000"])
        {
            directory, files,
        };
        command.Details = "No network, no server to install: the server of the demo listens on loopback and ends with it, and its bucket is a directory.";
        command.SetAction(async (parsed, token) =>
        {
            var count = parsed.GetValue(files);
            if (count is < FewestFiles or > MostFiles) throw new UsageException($"--files is {count}; expected {FewestFiles} to {MostFiles}.");
            return await new DemoRun(context, DirectoryFor(parsed.GetValue(directory)), count).RunAsync(token);
        });
        return command;
    }

    /// <summary>A demo never mixes with what is there already.</summary>
    private static string DirectoryFor(string? asked)
    {
        if (asked is null) return Directory.CreateTempSubdirectory("sluice-demo-").FullName;
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked));
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new UsageException($"'{path}' is not an empty directory; choose another for the demo, or remove it.");
        return Directory.CreateDirectory(path).FullName;
    }
}
