using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Docs;

/// <summary>docs/COMPATIBILITY.md says something of every operation and of every member of the shapes it opens up, and of nothing else.</summary>
public sealed partial class CompatibilityDocTests
{
    private static readonly string[] Statuses = ["done", "stored", "ignored", "refused"];

    private static readonly string[] InScope =
    [
        "CreateFileSystem", "DescribeFileSystems", "UpdateFileSystem", "DeleteFileSystem", "CreateDataRepositoryAssociation", "UpdateDataRepositoryAssociation",
        "DeleteDataRepositoryAssociation", "DescribeDataRepositoryAssociations", "CreateDataRepositoryTask", "CancelDataRepositoryTask",
        "DescribeDataRepositoryTasks", "TagResource", "UntagResource", "ListTagsForResource",
    ];

    private static readonly JsonElement Model =
        JsonDocument.Parse(File.ReadAllText(SourceTree.Path("tests/models/fsx/2018-03-01/service-2.json"))).RootElement;

    private static readonly Dictionary<string, List<(string Name, string Status)>> Tables = ReadTables();

    [Fact]
    public void Every_operation_of_the_model_has_a_status()
    {
        Assert.Equal(Model.GetProperty("operations").EnumerateObject().Select(item => item.Name).Order(), Tables["Operations"].Select(row => row.Name).Order());
        Assert.Equal(InScope.Order(), Tables["Operations"].Where(row => row.Status == "done").Select(row => row.Name).Order());
    }

    [Fact]
    public void Every_status_is_one_of_four() =>
        Assert.All(Tables.Values.SelectMany(rows => rows), row => Assert.Contains(row.Status, Statuses));

    [Fact]
    public void Every_member_of_a_shape_in_scope_has_a_status_and_no_other_has()
    {
        var wanted = new HashSet<string>();
        foreach (var operation in InScope)
        {
            var described = Model.GetProperty("operations").GetProperty(operation);
            foreach (var side in new[] { "input", "output" })
                Collect(described.GetProperty(side).GetProperty("shape").GetString()!, wanted);
        }

        Assert.Equal(wanted.Order(), Tables.Keys.Where(name => name != "Operations").Order());
        foreach (var shape in wanted)
            Assert.Equal(Members(shape).Select(member => member.Name).Order(), Tables[shape].Select(row => row.Name).Order());
    }

    /// <summary>The structures reached through members that are done or stored: what is refused or ignored need not be opened up.</summary>
    private static void Collect(string name, HashSet<string> found)
    {
        var shape = Model.GetProperty("shapes").GetProperty(name);
        switch (shape.GetProperty("type").GetString())
        {
            case "list":
                Collect(shape.GetProperty("member").GetProperty("shape").GetString()!, found);
                return;
            case "structure" when found.Add(name):
                foreach (var member in Members(name))
                {
                    var (_, status) = Tables.GetValueOrDefault(name, []).Find(row => row.Name == member.Name);
                    if (status is "done" or "stored") Collect(member.Value.GetProperty("shape").GetString()!, found);
                }

                return;
            default:
                return;
        }
    }

    private static IEnumerable<JsonProperty> Members(string shape) =>
        Model.GetProperty("shapes").GetProperty(shape).GetProperty("members").EnumerateObject();

    private static Dictionary<string, List<(string Name, string Status)>> ReadTables()
    {
        var tables = new Dictionary<string, List<(string, string)>>();
        List<(string, string)>? table = null;
        foreach (var line in File.ReadLines(SourceTree.Path("docs/COMPATIBILITY.md")))
        {
            if (line.StartsWith("## Operations", StringComparison.Ordinal)) tables["Operations"] = table = [];
            else if (line.StartsWith("### ", StringComparison.Ordinal)) tables[line[4..]] = table = [];
            else if (Row().Match(line) is { Success: true } row && row.Groups[2].Value is not ("Status" or "---")) table!.Add((row.Groups[1].Value, row.Groups[2].Value));
        }

        return tables;
    }

    [GeneratedRegex(@"^\| (\w+) \| ([\w-]+) \|")]
    private static partial Regex Row();
}
