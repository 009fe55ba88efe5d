using System.CommandLine;
using Sluice.CommandLine.Output;

namespace Sluice.CommandLine.Help;

/// <summary>Tells what is wrong with a command line, and how it may have been meant.</summary>
internal static class UsageErrors
{
    /// <summary>Writes the errors of <paramref name="parsed"/>.</summary>
    public static void Write(CommandContext context, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = FullName(parsed);
        foreach (var message in Messages(parsed, command, name)) context.Error.WriteLine($"sluice: {Format.Name(message)}");
        context.Error.WriteLine($"Try '{name} --help'.");
    }

    private static IEnumerable<string> Messages(ParseResult parsed, Command command, string name)
    {
        if (command.Subcommands.Count > 0) return [parsed.UnmatchedTokens is [var word, ..] ? Unknown(command, word, name) : $"'{name}' needs a command: {Choices(command)}."];
        var unknown = parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-'));
        return unknown is not null
            ? [Unknown(command, unknown, name)]
            : parsed.Errors.Select(error => error.Message.ReplaceLineEndings(" ")).Distinct();
    }

    private static string Unknown(Command command, string word, string name)
    {
        var nearest = Suggestions.For(command, word);
        var kind = word.StartsWith('-') ? "an option" : "a command";
        var hint = nearest.Count > 0 ? $" Did you mean '{string.Join("' or '", nearest)}'?" : word.StartsWith('-') ? "" : $" There are {Choices(command)}.";
        return $"'{word}' is not {kind} of '{name}'.{hint}";
    }

    private static string Choices(Command command) => string.Join(", ", command.Subcommands.Where(item => !item.Hidden).Select(item => item.Name));

    private static string FullName(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Add(result.Command is RootCommand ? "sluice" : result.Command.Name);
        names.Reverse();
        return string.Join(' ', names);
    }
}
