using System.CommandLine;
using Sluice.CommandLine.Demo;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Make(CommandContext context)
    {
        var directory = new Option<string?>("--dir") { Description = "Where to put everything. Default: a new directory in the temporary one.", HelpName = "DIR" };
        var files = new Option<int>("--files") { Description = "How many files to make.", DefaultValueFactory = _ => 4000 };
        var command = new Command("demo", "Show everything once, on made-up files, through the real API. No network, no server to install.") { directory, files };
        command.SetAction(async (parsed, token) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(directory) ?? Directory.CreateTempSubdirectory("sluice-demo-").FullName);
            return await new DemoRun(context, path, parsed.GetValue(files)).RunAsync(token);
        });
        return command;
    }
}
