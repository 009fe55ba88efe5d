using CsCheck;
using Sluice.Core.Ids;
using Xunit;

namespace Sluice.UnitTests.Core;

public sealed class IdTests
{
    private static readonly string[] Malformed = ["", "\n", " ", "-", "0123456789abcdef0"];

    /// <summary>Endings that must spoil any id: a pattern's $ would let the first one through, and .NET's \d the last.</summary>
    private static readonly string[] Spoilers = ["\n", "\r", " ", "\0", "g", "A", "-", "é", "٣"];

    [Theory]
    [InlineData("task-", 17, 123)]
    [InlineData("fs-", 8, 18)]
    [InlineData("dra-", 9, 19)]
    public void An_id_is_its_prefix_and_a_bounded_number_of_lower_case_hex_digits(string prefix, int fewest, int most)
    {
        string Digits(int count) => prefix + string.Concat(Enumerable.Range(0, count).Select(i => "0123456789abcdef"[i % 16]));

        Assert.True(IsId(prefix, Digits(fewest)));
        Assert.True(IsId(prefix, Digits(most)));
        Assert.False(IsId(prefix, Digits(fewest - 1)));
        Assert.False(IsId(prefix, Digits(most + 1)));
        Assert.False(IsId(prefix, prefix));
        Assert.False(IsId(prefix, "x" + Digits(fewest)));
        Assert.False(IsId(prefix, Digits(fewest).ToUpperInvariant()));
        Assert.False(IsId(prefix, null));
        Assert.All(Malformed, text => Assert.False(IsId(prefix, text)));
        foreach (var spoiler in Spoilers)
        {
            Assert.False(IsId(prefix, Digits(fewest) + spoiler));
            Assert.False(IsId(prefix, spoiler + Digits(fewest)));
            Assert.False(IsId(prefix, prefix + spoiler + Digits(fewest)[prefix.Length..]));
        }
    }

    [Fact]
    public void An_id_of_one_kind_is_none_of_another()
    {
        const string digits = "0123456789abcdef0";

        Assert.False(IsId("task-", "fs-" + digits));
        Assert.False(IsId("fs-", "dra-" + digits));
        Assert.False(IsId("dra-", "task-" + digits));
    }

    [Fact]
    public void Parsing_keeps_the_text_and_refuses_with_the_text_in_the_message()
    {
        const string digits = "0123456789abcdef0";
        Assert.Equal("task-" + digits, TaskId.Parse("task-" + digits).Value);
        Assert.Equal("fs-" + digits, FileSystemId.Parse("fs-" + digits).ToString());
        Assert.Equal("dra-" + digits, AssociationId.Parse("dra-" + digits).Value);
        Assert.Equal(TaskId.Parse("task-" + digits), TaskId.Parse("task-" + digits));

        Assert.Contains("'task-XYZ'", Assert.Throws<FormatException>(() => TaskId.Parse("task-XYZ")).Message, StringComparison.Ordinal);
        Assert.Contains("'fs-1'", Assert.Throws<FormatException>(() => FileSystemId.Parse("fs-1")).Message, StringComparison.Ordinal);
        Assert.Contains("'dra-'", Assert.Throws<FormatException>(() => AssociationId.Parse("dra-")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_of_an_id_is_not_one()
    {
        Assert.Throws<InvalidOperationException>(() => default(TaskId).Value);
        Assert.Throws<InvalidOperationException>(() => default(FileSystemId).Value);
        Assert.Throws<InvalidOperationException>(() => default(AssociationId).Value);
        Assert.Equal("", default(TaskId).ToString());
    }

    [Fact]
    public void Any_text_that_parses_is_plain_ascii_and_comes_back_as_it_was() =>
        Gen.Select(Gen.OneOf("task-", "fs-", "dra-", "task", ""), Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789abcdefg\n"], 0, 40])).Sample(
            (prefix, rest) =>
            {
                var text = prefix + rest;
                if (!TaskId.TryParse(text, null, out var id)) return true;
                return id.Value == text && text.StartsWith("task-", StringComparison.Ordinal) && text[5..].All(char.IsAsciiHexDigitLower);
            });

    [Fact]
    public void Minted_ids_are_valid_and_differ()
    {
        var source = new RandomIdSource();
        var minted = Enumerable.Range(0, 1000)
            .SelectMany(_ => (string[])[source.NewTaskId().Value, source.NewFileSystemId().Value, source.NewAssociationId().Value])
            .ToList();

        Assert.Equal(3000, minted.Distinct(StringComparer.Ordinal).Count());
        Assert.All(minted, text => Assert.True(IsId("task-", text) || IsId("fs-", text) || IsId("dra-", text)));
    }

    [Fact]
    public void Request_ids_are_random_uuids()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => new RandomIdSource().NewRequestId()).ToList();

        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(4, id.Version));
        Assert.All(ids, id => Assert.InRange(id.Variant, 8, 11));
    }

    private static bool IsId(string prefix, string? text) => prefix switch
    {
        "task-" => TaskId.TryParse(text, null, out _),
        "fs-" => FileSystemId.TryParse(text, null, out _),
        _ => AssociationId.TryParse(text, null, out _),
    };
}
