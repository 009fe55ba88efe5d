using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Commands;

/// <summary>Tags from <c>KEY=VALUE</c> arguments.</summary>
internal static class TagArguments
{
    public static IReadOnlyList<Tag>? Parse(IEnumerable<string>? texts)
    {
        var tags = (texts ?? []).Select(Parse).ToList();
        return tags.Count == 0 ? null : tags;
    }

    private static Tag Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1) throw new UsageException($"The tag '{text}' is not valid; expected KEY=VALUE.");
        return new Tag { Key = text[..equals], Value = text[(equals + 1)..] };
    }
}
