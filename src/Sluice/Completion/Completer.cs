using System.CommandLine;
using System.CommandLine.Completions;
using Sluice.CommandLine.Commands;

namespace Sluice.CommandLine.Completion;

/// <summary>
/// What may stand at the last of some words: commands, options, their values, and ids the server knows. The scripts of
/// <c>sluice completion</c> call it as <c>sluice __complete WORD…</c>, the last word being the one at the cursor. It prints nothing where a
/// file's name may stand, and nothing in place of an error: the shell then offers files.
/// </summary>
internal sealed class Completer(CommandContext context, RootCommand root)
{
    /// <summary>The hidden command.</summary>
    public const string Word = "__complete";

    /// <summary>Prints the candidates, one a line.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> words)
    {
        IReadOnlyList<string> before = [.. words.SkipLast(1)];
        var current = words.Count == 0 ? "" : words[^1];
        foreach (var candidate in await SuggestAsync(before, current))
        {
            if (candidate.StartsWith(current, StringComparison.Ordinal)) context.Out.WriteLine(candidate);
        }

        return ExitCodes.Success;
    }

    private async Task<IEnumerable<string>> SuggestAsync(IReadOnlyList<string> before, string current)
    {
        var place = CompletionPlace.Find(root, before);
        if (place.Expecting is { } option) return await ValuesAsync(place, before, option, option.HelpName);
        if (current.StartsWith('-') && !place.IsAfterDashes) return OptionsOf(place);
        if (place.Command.Subcommands.Count > 0 && place.Arguments > 0) return [];
        if (place.Command.Subcommands.Count > 0) return place.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name);
        var argument = place.Command.Arguments.ElementAtOrDefault(place.Arguments) ?? place.Command.Arguments.LastOrDefault(IsRepeatable);
        return argument is null ? [] : await ValuesAsync(place, before, argument, argument.Name);
    }

    private static bool IsRepeatable(Argument argument) => argument.Arity.MaximumNumberOfValues > 1;

    private static IEnumerable<string> OptionsOf(CompletionPlace place) => place.Command.Options
        .Append(place.Help)
        .Where(option => !option.Hidden && (!place.Used.Contains(option) || option.Arity.MaximumNumberOfValues > 1))
        .Select(option => option.Name)
        .Distinct();

    private async Task<IEnumerable<string>> ValuesAsync(CompletionPlace place, IReadOnlyList<string> before, Symbol symbol, string? name)
    {
        if (place.Command is ApiCommand command && IdCompletions.Knows(name))
            return await IdCompletions.ListAsync(command, root.Parse(before, Root.Parsing), name!, context);
        return symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label);
    }
}
