using System.CommandLine;
using System.Globalization;
using Sluice.CommandLine.Help;
using Sluice.CommandLine.Output;
using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice file state</c>.</summary>
internal static class FileCommands
{
    private const string StateDetails =
        """
        One line a path, in the manner of 'lfs hsm_state': the flags as a number and in words.
          exists    there is a copy in the repository
          archived  the copy was up to date when it was made
          dirty     the file was changed since
          released  only the copy has the data; the object follows, as s3://bucket/key
        Records that a privileged server wrote are seen only with CAP_SYS_ADMIN. Control characters in a name are shown as by 'ls -b'.
        """;

    public static Command Make(CommandContext context) =>
        new DocumentedCommand("file", "What the ledger on a file says.", ["sluice file state /scratch/project/*"]) { State(context) };

    private static Command State(CommandContext context)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, directories or symlinks.", Arity = ArgumentArity.OneOrMore };
        var json = SharedOptions.Json();
        var command = new DocumentedCommand(
            "state", "Show what the ledger says of files.",
            ["sluice file state /scratch/project/*", "sluice file state --json results/run-7.dat"])
        {
            paths, json,
        };
        command.Details = StateDetails;
        command.SetAction(parsed => Show(context, parsed.GetRequiredValue(paths), parsed.GetValue(json)));
        return command;
    }

    private static int Show(CommandContext context, string[] paths, bool json)
    {
        var failed = false;
        var rows = new List<FileStateRow>();
        foreach (var path in paths)
        {
            try
            {
                var row = FileStateRow.Of(path, FileState.Inspect(path));
                rows.Add(row);
                if (!json) context.Out.WriteLine(TextOf(row));
            }
            catch (PosixException e)
            {
                failed = true;
                context.Error.WriteLine($"sluice: {Format.Name(path)}: {Reason(e)}");
            }
        }

        if (json) Printer.Json(context, rows, FileStateJson.Default.ListFileStateRow);
        return failed ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static string TextOf(FileStateRow row)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Format.Name(row.Path)}: (0x{row.States:x8}) {string.Join(' ', row.Words)}").TrimEnd();
        return row.Object is null ? text : $"{text} {Format.Name(row.Object)}";
    }

    private static string Reason(PosixException e) => e.Errno switch
    {
        Errno.ENOENT => "no such file or directory",
        Errno.ENOTDIR => "a part of the path is no directory",
        Errno.EACCES => "permission denied",
        Errno.ENAMETOOLONG => "the name is too long",
        _ => e.Message,
    };
}
