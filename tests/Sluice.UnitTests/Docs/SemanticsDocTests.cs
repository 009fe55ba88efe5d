using System.Text.RegularExpressions;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Docs;

/// <summary>docs/SEMANTICS.md: each claim names the tests that prove it, and they exist.</summary>
public sealed partial class SemanticsDocTests
{
    private static readonly string[] Lines = File.ReadAllLines(SourceTree.Path("docs/SEMANTICS.md"));

    [Fact]
    public void Every_claim_names_a_test()
    {
        // Claims are list items; what is not proved stands under a heading that says so.
        var proved = Lines.TakeWhile(line => line != "## Not proved").Where(line => line.StartsWith("- ", StringComparison.Ordinal));
        Assert.All(proved, claim => Assert.Matches(Proof(), claim));
    }

    [Fact]
    public void Every_named_test_exists()
    {
        var names = Lines.SelectMany(line => Named().Matches(line)).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).ToList();
        Assert.NotEmpty(names);
        var sources = Directory.EnumerateFiles(SourceTree.Path("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        Assert.All(names, name => Assert.Contains(sources, source => source.Contains($"class {name.Class}", StringComparison.Ordinal) && source.Contains($" {name.Method}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_case_of_the_acceptance_list_names_a_test_or_says_why_not()
    {
        var cases = Lines.SkipWhile(line => !line.StartsWith("## Acceptance", StringComparison.Ordinal)).TakeWhile(line => line != "## Not proved")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.InRange(cases.Count, 45, 60);
        Assert.All(cases, row => Assert.True(row[1].Length > 0 && row[2].Length > 5 && row[3].Length > 25, string.Join('|', row)));
    }

    [GeneratedRegex(@"\[\w+\.\w+(, \w+\.\w+)*\]$")]
    private static partial Regex Proof();

    [GeneratedRegex(@"[\[ ](\w+(?:Tests|Suite))\.(\w+)(?=[,\]])")]
    private static partial Regex Named();
}
