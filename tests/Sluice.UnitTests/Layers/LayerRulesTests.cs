using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Layers;

/// <summary>What may use what in src/, each rule with its reason.</summary>
public sealed partial class LayerRulesTests
{
    /// <summary>Project → projects it may reference. Anything else needs a reason to stand here.</summary>
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["Sluice.Core"] = [],
        ["Sluice.Posix"] = [],
        ["Sluice.Protocol"] = ["Sluice.Core"],
        ["Sluice.Catalog"] = ["Sluice.Core"],
        ["Sluice.Repositories"] = ["Sluice.Core", "Sluice.Posix"],
        ["Sluice.Engine"] = ["Sluice.Core", "Sluice.Posix", "Sluice.Catalog", "Sluice.Repositories"],
        // Not the catalog: it must go on restoring when the server's store of truth can't be opened.
        ["Sluice.Hydrator"] = ["Sluice.Core", "Sluice.Posix", "Sluice.Repositories", "Sluice.Engine"],
        ["Sluice.Server"] = ["Sluice.Core", "Sluice.Posix", "Sluice.Protocol", "Sluice.Catalog", "Sluice.Repositories", "Sluice.Engine", "Sluice.Hydrator"],
        ["Sluice"] = ["Sluice.Core", "Sluice.Posix", "Sluice.Protocol", "Sluice.Catalog", "Sluice.Repositories", "Sluice.Engine", "Sluice.Hydrator", "Sluice.Server"],
    };

    /// <summary>Text that may stand in some places only.</summary>
    private static readonly (string Text, string[] Places, string Reason)[] Rules =
    [
        ("LibraryImport(", ["src/Sluice.Posix/"], "system calls are in one place, proved against the C headers"),
        ("Microsoft.Data.Sqlite", ["src/Sluice.Catalog/"], "another catalog must be able to take SQLite's place"),
        ("using Amazon", ["src/Sluice.Repositories/"], "another S3 client must be able to take the SDK's place"),
        ("Microsoft.AspNetCore", ["src/Sluice.Server/Edge/", "src/Sluice.Server/SluiceServer.cs"], "operations know nothing of HTTP"),
        ("Console.", ["src/Sluice/"], "only the program talks to a terminal"),
    ];

    [Fact]
    public void Projects_reference_only_what_their_layer_may()
    {
        Assert.Equal(References.Keys.Order(), Projects().Keys.Order());
        foreach (var (project, file) in Projects())
        {
            var used = XDocument.Load(file).Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value));
            Assert.All(used, name => Assert.Contains(name, References[project]));
        }
    }

    [Fact]
    public void Core_and_Posix_have_no_packages()
    {
        foreach (var project in new[] { "Sluice.Core", "Sluice.Posix" })
            Assert.Empty(XDocument.Load(Projects()[project]).Descendants("PackageReference"));
    }

    [Fact]
    public void Each_dependency_stays_where_it_belongs()
    {
        foreach (var (text, places, reason) in Rules)
        {
            var elsewhere = Sources().Where(file => File.ReadLines(file).Any(line => !IsComment(line) && line.Contains(text, StringComparison.Ordinal)))
                .Select(file => Path.GetRelativePath(SourceTree.Root, file))
                .Where(file => !places.Any(place => file.StartsWith(place, StringComparison.Ordinal)));
            Assert.True(!elsewhere.Any(), $"'{text}' in {string.Join(", ", elsewhere)}: {reason}.");
        }
    }

    [Fact]
    public void One_word_stands_for_one_thing()
    {
        // The field's words (FSx, S3, Lustre): canceled as AWS spells it, object, mover, task.
        var wrong = Sources().SelectMany(file => File.ReadLines(file).Where(line => !IsComment(line)).SelectMany(line => WrongWords().Matches(line)).Select(match => $"{Path.GetFileName(file)}: {match.Value}")).ToList();
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_architecture_document_names_every_project_and_no_other()
    {
        var text = File.ReadAllText(SourceTree.Path("ARCHITECTURE.md"));
        var named = ProjectNames().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Equal(Projects().Keys.Order(), named.Order());
    }

    private static bool IsComment(string line) => line.TrimStart().StartsWith("//", StringComparison.Ordinal);

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(SourceTree.Path("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

    private static Dictionary<string, string> Projects() =>
        Directory.EnumerateFiles(SourceTree.Path("src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(file => Path.GetFileNameWithoutExtension(file));

    [GeneratedRegex(@"\b\w*(?:Cancelled|Cancelling|Blob)\w*\b")]
    private static partial Regex WrongWords();

    [GeneratedRegex(@"`src/(Sluice[.\w]*)/?`")]
    private static partial Regex ProjectNames();
}
