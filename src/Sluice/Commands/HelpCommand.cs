using System.CommandLine;
using Sluice.CommandLine.Help;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice help [COMMAND…]</c>: the same as <c>sluice COMMAND… --help</c>.</summary>
internal static class HelpCommand
{
    public static Command Make(RootCommand root)
    {
        var words = new Argument<string[]>("COMMAND") { Description = "The command; without one, the program.", Arity = ArgumentArity.ZeroOrMore };
        var command = new DocumentedCommand("help", "Tell about a command.", ["sluice help", "sluice help task export"]) { words };
        command.SetAction(parsed =>
        {
            var asked = root.Parse([.. parsed.GetValue(words) ?? [], "--help"], Root.Parsing);
            if (asked.UnmatchedTokens is [var unknown, ..]) throw new UsageException($"There is no command '{unknown}'. Try 'sluice help'.");
            return asked.Invoke(parsed.InvocationConfiguration);
        });
        return command;
    }
}
