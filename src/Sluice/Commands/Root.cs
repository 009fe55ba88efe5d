using System.CommandLine;
using Sluice.CommandLine.Completion;
using Sluice.CommandLine.Help;
using Sluice.CommandLine.Output;

namespace Sluice.CommandLine.Commands;

/// <summary>The command tree, and the one place where a command line becomes an exit code.</summary>
internal static class Root
{
    /// <summary>How arguments are read: <c>@name</c> is a file's name like any other, not a list of arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var root = Make(context);
        if (args.Count > 0 && args[0] == Completer.Word) return await new Completer(context, root).RunAsync([.. args.Skip(1)]);
        var parsed = root.Parse(args.Count == 0 ? ["--help"] : args, Parsing);
        if (parsed.Errors.Count > 0)
        {
            UsageErrors.Write(context, parsed);
            return ExitCodes.Usage;
        }

        try
        {
            // Ctrl-C and SIGTERM are the commands' own business: they finish what is in flight.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = context.Out, Error = context.Error,
            };
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception e) when (Failures.ExitCodeOf(e) is { } code)
        {
            await context.Error.WriteLineAsync($"sluice: {Format.Name(Failures.MessageOf(e))}");
            return code;
        }
    }

    /// <summary>The command tree.</summary>
    public static RootCommand Make(CommandContext context)
    {
        var root = new RootCommand(ProgramText.Summary)
        {
            ServeCommand.Make(context),
            FileSystemCommands.Make(context),
            AssociationCommands.Make(context),
            TaskCommands.Make(context),
            ExportCommand.Make(context),
            PathCommands.Release(context),
            PathCommands.Restore(context),
            FileCommands.Make(context),
            MountCommands.Mount(context),
            MountCommands.Umount(context),
            HydrateCommand.Make(context),
            HoldCommand.Make(context),
            DemoCommand.Make(context),
            CompletionCommand.Make(context),
        };
        root.Subcommands.Add(HelpCommand.Make(root));
        root.Directives.Clear();
        FullHelp.AddTo(root);
        return root;
    }
}
