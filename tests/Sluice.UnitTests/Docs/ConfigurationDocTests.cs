using System.Text.RegularExpressions;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Docs;

/// <summary>docs/CONFIGURATION.md names every setting and no other.</summary>
public sealed partial class ConfigurationDocTests
{
    [Fact]
    public void Every_setting_is_documented_and_no_other()
    {
        var source = File.ReadAllText(SourceTree.Path("src/Sluice/Configuration/ConfigurationFile.cs"));
        var settings = Properties().Matches(source).Select(match => char.ToLowerInvariant(match.Groups[1].Value[0]) + match.Groups[1].Value[1..]);
        var documented = Keys().Matches(File.ReadAllText(SourceTree.Path("docs/CONFIGURATION.md"))).Select(match => match.Groups[1].Value);

        // Some names, as region, stand at two places.
        Assert.Equal(settings.Distinct().Append("engine").Distinct().Order(), documented.SelectMany(key => key.Split('.')).Select(name => name.TrimEnd('[', ']')).Distinct().Order());
    }

    [GeneratedRegex(@"public [\w<>?]+ (\w+) \{ get;")]
    private static partial Regex Properties();

    [GeneratedRegex(@"^\| `([\w.\[\]]+)`", RegexOptions.Multiline)]
    private static partial Regex Keys();
}
