using System.CommandLine;

namespace Sluice.CommandLine.Help;

/// <summary>Finds what a misspelt word was meant to be.</summary>
internal static class Suggestions
{
    /// <summary>The commands and options of <paramref name="command"/> that are spelt nearly so; at most three, nearest first.</summary>
    public static IReadOnlyList<string> For(Command command, string word)
    {
        var names = word.StartsWith('-')
            ? command.Options.Where(option => !option.Hidden).Select(option => option.Name)
            : command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name);
        var limit = word.Length <= 3 ? 1 : word.Length <= 6 ? 2 : 3;
        return
        [
            .. names.Select(name => (Name: name, Distance: Distance(word, name)))
                .Where(candidate => candidate.Distance <= limit || candidate.Name.StartsWith(word, StringComparison.Ordinal))
                .OrderBy(candidate => candidate.Distance)
                .Take(3)
                .Select(candidate => candidate.Name),
        ];
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.</summary>
    private static int Distance(string from, string to)
    {
        var beforeLast = new int[to.Length + 1];
        int[] last = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last) = (last, row);
        }

        return last[to.Length];
    }
}
