using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>Ids, ARNs and page tokens that the server has given out: requests that name them get further than those that make them up.</summary>
internal sealed partial class KnownIds
{
    private const int Kept = 48;

    private readonly ConcurrentDictionary<string, string[]> _values = new();

    /// <summary>One that was given out under this name of a member; null when there is none yet.</summary>
    public string? Pick(string member, Random random) =>
        _values.TryGetValue(member, out var values) && values.Length > 0 ? values[random.Next(values.Length)] : null;

    /// <summary>Remembers what an answer gives out.</summary>
    public void Learn(RawAnswer answer, Random random)
    {
        foreach (Match match in Given().Matches(Encoding.UTF8.GetString(answer.Body)))
        {
            var (member, value) = (match.Groups[1].Value, match.Groups[2].Value);
            _values.AddOrUpdate(member, _ => [value], (_, known) => Add(known, value, random));
        }
    }

    private static string[] Add(string[] known, string value, Random random)
    {
        if (known.Contains(value)) return known;
        if (known.Length < Kept) return [.. known, value];
        string[] changed = [.. known];
        changed[random.Next(Kept)] = value;
        return changed;
    }

    [GeneratedRegex("\"(FileSystemId|TaskId|AssociationId|ResourceARN|NextToken)\":\"([^\"\\\\]+)\"")]
    private static partial Regex Given();
}
