using System.CommandLine;
using System.CommandLine.Help;

namespace Sluice.CommandLine.Completion;

/// <summary>Where on the command line the cursor stands.</summary>
/// <param name="Command">The command so far.</param>
/// <param name="Help">The help option, which every command has.</param>
internal sealed record CompletionPlace(Command Command, Option Help)
{
    /// <summary>The option whose value comes next; null when none does.</summary>
    public Option? Expecting { get; private set; }

    /// <summary>How many arguments there are already.</summary>
    public int Arguments { get; private set; }

    /// <summary>Whether <c>--</c> was met: everything further is an argument.</summary>
    public bool IsAfterDashes { get; private set; }

    /// <summary>Options given already.</summary>
    public HashSet<Option> Used { get; } = [];

    /// <summary>Reads the words before the cursor.</summary>
    public static CompletionPlace Find(RootCommand root, IEnumerable<string> words)
    {
        var place = new CompletionPlace(root, root.Options.OfType<HelpOption>().Single());
        return words.Aggregate(place, static (place, word) => place.After(word));
    }

    private CompletionPlace After(string word)
    {
        if (Expecting is not null)
        {
            Expecting = null;
        }
        else if (word == "--")
        {
            IsAfterDashes = true;
        }
        else if (word.StartsWith('-') && !IsAfterDashes)
        {
            MeetOption(word);
        }
        else if (Arguments == 0 && !IsAfterDashes && Command.Subcommands.FirstOrDefault(command => command.Name == word) is { } next)
        {
            return new CompletionPlace(next, Help);
        }
        else
        {
            Arguments++;
        }

        return this;
    }

    private void MeetOption(string word)
    {
        var name = word.Split('=')[0];
        if (Command.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name)) is not { } option) return;
        Used.Add(option);
        if (option.Arity.MinimumNumberOfValues > 0 && name == word) Expecting = option;
    }
}
