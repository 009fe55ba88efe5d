using Sluice.Core;
using Sluice.Protocol.Shapes;

namespace Sluice.Server.Operations;

/// <summary>Rules of tags that the model's constraints don't carry (FSx user guide, "Tag restrictions").</summary>
internal static class TagRules
{
    /// <summary>Tags per resource.</summary>
    public const int Maximum = 50;

    /// <summary>The tags of a request, checked: unique keys, no <c>aws:</c> prefix.</summary>
    public static IReadOnlyList<ResourceTag> Check(IReadOnlyList<Tag>? tags)
    {
        if (tags is null) return [];
        var checkedTags = tags.Select(tag => new ResourceTag(tag.Key!, tag.Value!)).ToList();
        var repeated = checkedTags.GroupBy(tag => tag.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null) throw Faults.BadRequest($"The tag key {Faults.Show(repeated.Key)} is given more than once.");
        foreach (var tag in checkedTags) CheckKey(tag.Key);
        return checkedTags;
    }

    /// <summary>Refuses keys reserved for AWS.</summary>
    public static void CheckKey(string key)
    {
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            throw Faults.BadRequest($"The tag key {Faults.Show(key)} is not allowed: the prefix aws: is reserved.");
    }

    /// <summary>Tags for an answer: an empty list rather than none.</summary>
    public static IReadOnlyList<Tag> ToWire(IReadOnlyList<ResourceTag> tags) =>
        [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
}
