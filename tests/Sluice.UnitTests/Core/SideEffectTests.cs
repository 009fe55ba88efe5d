using System.Reflection;
using System.Text.RegularExpressions;
using Sluice.Core.Crashing;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Core;

/// <summary>The names of the crash points.</summary>
public sealed partial class SideEffectTests
{
    private static readonly FieldInfo[] Constants = [.. typeof(SideEffect).GetFields(BindingFlags.Public | BindingFlags.Static)];

    private static IEnumerable<string> Names => Constants.Select(constant => (string)constant.GetRawConstantValue()!);

    [Fact]
    public void Every_name_is_one_of_its_own_and_says_where_and_what()
    {
        Assert.Equal(Names.Count(), Names.Distinct().Count());
        Assert.All(Names, name => Assert.Matches(Form(), name));
    }

    [Fact]
    public void Every_effect_is_passed_somewhere()
    {
        var passed = Directory.EnumerateFiles(SourceTree.Path("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Used().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet();
        Assert.Equal(Constants.Select(constant => constant.Name).Order(), passed.Order());
    }

    [GeneratedRegex("^[a-z]+(\\.[a-z]+(-[a-z]+)*)$")]
    private static partial Regex Form();

    [GeneratedRegex(@"\bSideEffect\.(\w+)")]
    private static partial Regex Used();
}
