using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sluice.CommandLine.Help;

/// <summary>The library's help, with a command's details before it and its examples, and for the program itself the exit codes, after it.</summary>
internal sealed class FullHelp : SynchronousCommandLineAction
{
    private const int Width = 120;

    private readonly HelpAction _usage;

    private FullHelp(HelpAction usage) => _usage = usage;

    /// <summary>Makes it the help of a command tree.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        var usage = (HelpAction)option.Action!;
        usage.MaxWidth = Width;
        option.Action = new FullHelp(usage);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        WriteUsage(command, parseResult);
        if (command is DocumentedCommand documented) WriteSection(output, "Examples:", documented.Examples.Select(line => $"  {line}"));
        if (command is not RootCommand) return ExitCodes.Success;
        WriteSection(output, "Examples:", ProgramText.Examples.Select(line => $"  {line}"));
        WriteSection(output, "Exit codes:", [ExitCodes.Help]);
        output.WriteLine("'sluice help COMMAND' tells more about a command.");
        return ExitCodes.Success;
    }

    private static void WriteSection(TextWriter output, string heading, IEnumerable<string> lines)
    {
        output.WriteLine(heading);
        foreach (var line in lines) output.WriteLine(line);
        output.WriteLine();
    }

    private void WriteUsage(Command command, ParseResult parseResult)
    {
        var summary = command.Description;
        if (command is DocumentedCommand { Details.Length: > 0 } documented) command.Description = $"{summary}\n\n{documented.Details}";
        try
        {
            _usage.Invoke(parseResult);
        }
        finally
        {
            command.Description = summary;
        }
    }
}
